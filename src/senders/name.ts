// What a sender may look like: a name of letters, or a number. Read by campaigns and by requests for senders. Pure.

const alphanumeric = /^(?=.*[A-Za-z])[A-Za-z0-9]{1,11}$/;
const numeric = /^[0-9]{3,15}$/;

/** Whether a handset can show it: 1 to 11 letters and digits, or 3 to 15 digits (3GPP TS 23.040, 9.1.2.5). */
export function isSenderName(text: string): boolean {
  return alphanumeric.test(text) || numeric.test(text);
}

export const senderForms = 'a string of 1 to 11 letters (A to Z) and digits, or of 3 to 15 digits';
