// The bodies and parameters of the operations about users and sessions, and what they answer.
// docs/reference/console-api.md says the same in words.

import { type Static, Type } from 'typebox';
import {
  Data,
  formatMaybe,
  formatMoment,
  Id,
  MaybeMoment,
  Meta,
  Moment,
  pageParameters,
  scopes,
} from '../http/index.ts';
import { longestPassword } from './password.ts';
import { userRoles } from './roles.ts';
import type { Session as SessionRow } from './session-store.ts';
import type { User as UserRow } from './user-store.ts';

const closed = { additionalProperties: false };
const MaybeText = Type.Union([Type.String(), Type.Null()]);

export const IdPath = Type.Object({ id: Id });

const Role = Type.Enum([...userRoles]);
// Whoever guesses may not make the server hash megabytes.
const Password = Type.String({ minLength: 1, maxLength: longestPassword * 2 });
const Code = Type.String({ minLength: 1, maxLength: 40 });
const Locale = Type.Union([Type.String({ maxLength: 35 }), Type.Null()]);
const Zone = Type.Union([Type.String({ maxLength: 64 }), Type.Null()]);

export const User = Type.Object({
  id: Type.Integer(),
  email: Type.String(),
  name: Type.String(),
  role: Role,
  account_id: Type.Integer(),
  account_name: Type.String(),
  locale: MaybeText,
  time_zone: MaybeText,
  totp_enabled: Type.Boolean(),
  recovery_codes_left: Type.Integer(),
  must_change_password: Type.Boolean(),
  disabled_at: MaybeMoment,
  created_at: Moment,
  last_login_at: MaybeMoment,
});
export const UserAnswer = Data(User);
export const UserList = Type.Object({ data: Type.Array(User), meta: Meta });
export const UserWithPassword = Data(
  Type.Object({ ...User.properties, password: Type.String({ description: 'Shown here and never again' }) }),
);

export const SignIn = Type.Object(
  {
    email: Type.String({ minLength: 1, maxLength: 254 }),
    password: Password,
    totp: Type.Optional(Code),
  },
  closed,
);

export const SessionAnswer = Data(
  Type.Object({
    user: User,
    account: Type.Object({
      id: Type.Integer(),
      name: Type.String(),
      role: Type.Enum(['customer', 'admin']),
      currency: Type.String(),
    }),
    permissions: Type.Array(Type.Enum([...scopes])),
    csrf_token: Type.String(),
    session_id: Type.Integer(),
    expires_at: Moment,
  }),
);

export const OwnChange = Type.Partial(
  Type.Object({ name: Type.String({ maxLength: 200 }), locale: Locale, time_zone: Zone }),
  closed,
);
export const PasswordChange = Type.Object(
  { current_password: Password, new_password: Type.String({ maxLength: longestPassword * 2 }) },
  closed,
);
export const PasswordProof = Type.Object({ current_password: Password }, closed);
export const CodeProof = Type.Object({ code: Code }, closed);
export const Enrolment = Data(Type.Object({ secret: Type.String(), uri: Type.String() }));
export const RecoveryCodes = Data(Type.Object({ recovery_codes: Type.Array(Type.String()) }));

const Session = Type.Object({
  id: Type.Integer(),
  created_at: Moment,
  last_seen_at: Moment,
  expires_at: Moment,
  ip: MaybeText,
  user_agent: MaybeText,
  current: Type.Boolean(),
});
export const SessionList = Type.Object({ data: Type.Array(Session) });

export const UserQuery = Type.Object({
  ...pageParameters(1),
  'search[text]': Type.Optional(Type.String({ maxLength: 100 })),
  'filter[account_id]': Type.Optional(Id),
  'filter[role]': Type.Optional(Role),
});

export const NewUser = Type.Object(
  {
    email: Type.String({ maxLength: 300 }),
    name: Type.String({ maxLength: 200 }),
    role: Role,
    account_id: Id,
    locale: Type.Optional(Locale),
    time_zone: Type.Optional(Zone),
  },
  closed,
);

export const UserChange = Type.Partial(
  Type.Object({
    email: Type.String({ maxLength: 300 }),
    name: Type.String({ maxLength: 200 }),
    role: Role,
    disabled: Type.Boolean(),
    locale: Locale,
    time_zone: Zone,
  }),
  closed,
);

/** A user as the API shows it. */
export function userResource(user: UserRow): Static<typeof User> {
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    role: user.role,
    account_id: user.accountId,
    account_name: user.accountName,
    locale: user.locale,
    time_zone: user.timeZone,
    totp_enabled: user.totpEnabled,
    recovery_codes_left: user.recoveryCodesLeft,
    must_change_password: user.mustChangePassword,
    disabled_at: formatMaybe(user.disabledAt),
    created_at: formatMoment(user.createdAt),
    last_login_at: formatMaybe(user.lastLoginAt),
  };
}

/** A session as its user sees it. */
export function sessionResource(session: SessionRow, current: number | undefined): Static<typeof Session> {
  return {
    id: session.id,
    created_at: formatMoment(session.createdAt),
    last_seen_at: formatMoment(session.lastSeenAt),
    expires_at: formatMoment(session.expiresAt),
    ip: session.ip,
    user_agent: session.userAgent,
    current: session.id === current,
  };
}
