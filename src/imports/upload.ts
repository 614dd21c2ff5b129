// Takes in a form: first its fields, then its file as it arrives, never more of it in memory than a piece. What can be
// known to be wrong from the fields and the beginning of the file is refused before the rest is read. Called by the
// routes.

import type { FastifyRequest } from 'fastify';
import type pg from 'pg';
import type { Db } from '../db/index.ts';
import { type FieldErrors, identityOf, invalid, type Refusal } from '../http/index.ts';
import type { Transact } from '../retries/index.ts';
import { plainBytes, TableError } from '../tables/index.ts';
import { refused } from './errors.ts';
import { checkColumns, readHead } from './head.ts';
import { limits } from './limits.ts';
import { type FormFields, type ImportKind, type ImportOptions, readOptions } from './options.ts';
import { Spool } from './spool.ts';
import type { FileFormat } from './store.ts';

/** A form: its fields, and its file, whose bytes are read once. */
export type Form = { fields: FormFields; fileName: string | null; file: AsyncIterable<Buffer> };

/**
 * Reads a form's fields and gives `take` its file. Refuses a form without a file, and fields behind it. Whatever comes of
 * it, the rest of the request is taken off the connection.
 */
export async function withForm<T>(request: FastifyRequest, take: (form: Form) => Promise<T>): Promise<T> {
  if (!request.isMultipart()) throw refused.noForm();
  try {
    const parts = partsOf(request);
    const fields: FormFields = Object.create(null);
    for (;;) {
      const part = await next(parts);
      if (part === undefined) throw refused.noFile();
      if (part.type === 'file') {
        const name = storable(part.filename)?.slice(0, 255) ?? null;
        return await take({ fields, fileName: name, file: fileOf(part.file, parts) });
      }
      if (part.valueTruncated) throw tooLong(part.fieldname);
      if (typeof part.value === 'string' && part.value.includes('\0'))
        throw invalid({ [part.fieldname]: ['This must be valid Unicode without the character U+0000.'] });
      if (part.fieldname.includes('\0') || part.fieldname.length > 100)
        throw refused.badForm('a name is wrong.');
      fields[part.fieldname] = part.value;
    }
  } finally {
    // The client hears what is wrong when it has sent all, or at once if it listens.
    request.raw.unpipe();
    request.raw.resume();
  }
}

function tooLong(name: string): Refusal {
  return invalid({ [name]: [`This must have at most ${limits.form.fieldBytes} bytes.`] });
}

type Parts = ReturnType<FastifyRequest['parts']>;

function partsOf(request: FastifyRequest): Parts {
  const { fields, fieldBytes } = limits.form;
  return request.parts({
    limits: { fields, fieldSize: fieldBytes, fileSize: Number.POSITIVE_INFINITY, files: 1 },
  });
}

async function next(parts: Parts) {
  try {
    const { done, value } = await parts.next();
    return done === true ? undefined : value;
  } catch (error) {
    throw refused.badForm((error as Error).message);
  }
}

/** The file's bytes, and after them the end of the form. */
async function* fileOf(file: AsyncIterable<Buffer>, parts: Parts): AsyncGenerator<Buffer> {
  try {
    yield* file;
  } catch (error) {
    throw refused.badForm((error as Error).message);
  }
  const after = await next(parts);
  if (after !== undefined) throw refused.fieldAfterFile(after.fieldname);
}

function storable(text: string | undefined): string | undefined {
  return text?.replaceAll('\0', '').toWellFormed();
}

/** What a kind of import adds to the upload. */
export type Upload = {
  kind: ImportKind;
  /** Checks its own fields before the file is read; what it gives is for `finish`. */
  check(fields: FormFields, options: ImportOptions, errors: FieldErrors): Promise<void>;
  /** Checks what the beginning of the file says, besides what every kind needs. */
  checkHead?(format: FileFormat, options: ImportOptions, errors: FieldErrors): Promise<void>;
  /** In the transaction that ends the upload: makes what belongs to the import. Gives the id of its campaign. */
  begin(client: pg.ClientBase): Promise<number | null>;
  /** In the same, when the import is there: asks for its job. */
  enqueue(client: pg.ClientBase, id: number): Promise<void>;
};

/**
 * Takes in an upload and gives the id of its import. An upload that fails leaves nothing behind.
 *
 * @param transact runs the one transaction that makes the import, when all of the file has arrived
 */
export function takeUpload(
  db: Db,
  request: FastifyRequest,
  upload: Upload,
  maxBytes: number,
  transact: Transact,
): Promise<number> {
  return withForm(request, async ({ fields, fileName, file }) => {
    const { accountId } = identityOf(request);
    const errors: FieldErrors = {};
    const options = readOptions(upload.kind, fields, errors);
    await upload.check(fields, options, errors);
    if (Object.keys(errors).length > 0) throw invalid(errors);

    let spool: Spool | undefined;
    let head: Buffer[] = [];
    let size = 0;
    const begin = async (complete: boolean): Promise<Spool> => {
      const bytes = Buffer.concat(head);
      const found = await readHead(bytes, complete, options);
      checkColumns(upload.kind, found, options, errors);
      await upload.checkHead?.(found.format, options, errors);
      if (Object.keys(errors).length > 0) throw invalid(errors);
      found.format.gzip = gzip;
      head = [];
      // What was found out here is what the job reads by: it must not find anything else.
      const { format, delimiter, header } = found.format;
      const told: ImportOptions = {
        ...options,
        format,
        ...(delimiter === null ? {} : { delimiter, header }),
      };
      if (options.mapping.phone === undefined) told.mapping = { ...options.mapping, phone: found.phone + 1 };
      const made = new Spool(db, {
        accountId,
        kind: upload.kind,
        fileName,
        options: told,
        format: found.format,
      });
      await made.push(bytes);
      return made;
    };
    const { gzip, bytes: plain } = await plainBytes(file, { maxBytes });
    try {
      for await (const bytes of plain) {
        if (spool !== undefined) {
          await spool.push(bytes);
          continue;
        }
        head.push(bytes);
        size += bytes.length;
        if (size >= limits.headBytes) spool = await begin(false);
      }
      const whole = spool ?? (await begin(true));
      spool = whole;
      return await transact(async (client) => {
        const id = await whole.finish(client, await upload.begin(client));
        await upload.enqueue(client, id);
        return id;
      });
    } catch (error) {
      // What cannot be deleted now is deleted by the clean-up.
      await spool?.discard().catch(() => {});
      throw error instanceof TableError ? refused.badFile(error.message) : error;
    }
  });
}
