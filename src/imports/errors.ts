// What imports refuse, each with a stable code and a message that says what would be right.

import { notFound, Refusal } from '../http/index.ts';

const field = (code: string, name: string, message: string) =>
  new Refusal(422, code, 'The given data was invalid.', { [name]: [message] });

export const refused = {
  noImport: () => notFound('import'),
  noForm: () =>
    field('no_form', 'file', 'Send multipart/form-data: the fields first, then one part with the file.'),
  noFile: () => field('no_file', 'file', 'A part with the file is missing; it comes after the fields.'),
  fieldAfterFile: (name: string) =>
    field('field_after_file', name, 'The fields must come before the file, which is read as it arrives.'),
  badForm: (message: string) => field('bad_form', 'body', `The form cannot be read: ${message}`),
  badFile: (message: string) => field('bad_file', 'file', `The file cannot be read: ${message}.`),
  tooLate: () =>
    new Refusal(409, 'upload_too_slow', 'The upload took so long that it was given up: send it again.'),
  over: (state: string) =>
    field('import_over', 'id', `The import is ${state}: only one that is not over can be cancelled.`),
};
