// The limits of imports, with the reason of each.

export const limits = {
  /** Bytes of a file, unpacked: ten million rows of 400 bytes. */
  fileBytes: 4 * 1024 ** 3,
  /** Bytes of a piece of the spool: a statement that takes milliseconds. */
  chunkBytes: 1024 * 1024,
  /** Bytes of the beginning of a file that are looked at before the rest is read: a block of the reader. */
  headBytes: 256 * 1024,
  /** Bytes that a preview reads, and rows that it shows. */
  previewBytes: 1024 * 1024,
  previewRows: 20,
  /** Rejected rows that are kept of an import: more only say the same again. All are counted. */
  rejections: 1_000_000,
  /** Days that they are kept. */
  rejectionDays: 30,
  /** Minutes after which an upload that brings nothing has been given up. */
  uploadMinutes: 15,
  /** Of a form: a few fields, of which a text and a mapping are the longest. */
  form: { fields: 30, fieldBytes: 64 * 1024 },
  /** Contacts that one transaction writes: what upsertContacts takes. */
  contactsChunk: 5_000,
} as const;
