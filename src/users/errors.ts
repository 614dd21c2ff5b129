// What users refuse, each with a stable code and a message that says what would be right.

import { Refusal, tooMany, unauthenticated } from '../http/index.ts';
import { longestPassword, shortestPassword } from './password.ts';

const inField = (code: string, field: string, message: string) =>
  new Refusal(422, code, message, { [field]: [message] });

export const refused = {
  /** The same words for every reason, so that nobody learns which addresses have a user. */
  signIn: () => unauthenticated('The e-mail address or the password is not right.'),
  tooManyFailures: (seconds: number) =>
    tooMany('too_many_failures', `Too many failed attempts: try again in ${seconds} s.`, seconds),
  codeWanted: () => new CodeWanted(),
  codeWrong: (field: string) =>
    inField(
      'totp_wrong',
      field,
      'This is not the code that the authenticator shows now, or it was used before.',
    ),
  passwordWrong: () => inField('password_wrong', 'current_password', 'This is not your password.'),
  passwordWeak: (field: string) =>
    inField(
      'password_weak',
      field,
      `A password has ${shortestPassword} to ${longestPassword} characters, and is not the e-mail address.`,
    ),
  passwordSame: () =>
    inField('password_same', 'new_password', 'Choose a password that is not the present one.'),
  badEmail: () =>
    inField('email_invalid', 'email', 'This must be an e-mail address such as ann@example.org.'),
  badName: () => inField('name_invalid', 'name', 'A name has 1 to 100 characters.'),
  badLocale: () => inField('locale_invalid', 'locale', 'This must be a language such as en, de or pt-BR.'),
  badZone: () => inField('time_zone_invalid', 'time_zone', 'This must be a time zone such as Europe/Madrid.'),
  emailTaken: (email: string) =>
    new Refusal(409, 'email_taken', `There is a user with the e-mail address ${email} already.`),
  noUser: () => new Refusal(404, 'no_user', 'There is no such user.'),
  noSession: () => new Refusal(404, 'no_session', 'There is no such session.'),
  noAccount: (id: number) => inField('no_account', 'account_id', `There is no account ${id}.`),
  noChange: () => inField('no_change', 'body', 'Name at least one field to change.'),
  wrongAccount: () =>
    inField(
      'role_account',
      'role',
      'Moderators and administrators belong to an account with the role admin.',
    ),
  ownRights: () =>
    new Refusal(409, 'own_rights', 'Nobody takes their own rights: ask another administrator.'),
  totpOn: () => new Refusal(409, 'totp_on', 'One-time codes are on already: disable them first.'),
  totpOff: () => new Refusal(409, 'totp_off', 'One-time codes are not on.'),
  totpNotBegun: () =>
    new Refusal(409, 'totp_not_begun', 'Ask for a secret first: POST /console/api/me/totp.'),
};

/** A code is asked for: nobody has guessed anything. */
export class CodeWanted extends Refusal {
  constructor() {
    const message = 'Enter the code that your authenticator shows, or a recovery code.';
    super(422, 'totp_wanted', message, { totp: [message] });
  }
}
