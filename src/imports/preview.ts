// What a file looks like, from its beginning: for people who choose its columns. Called by the routes.

import type { FastifyRequest } from 'fastify';
import { type FieldErrors, invalid } from '../http/index.ts';
import { rawLength } from '../tables/index.ts';
import { badRows, readHead } from './head.ts';
import { limits } from './limits.ts';
import { readOptions } from './options.ts';
import { formatResource } from './resource.ts';
import { withForm } from './upload.ts';

/** Rows and cells that are shown. */
const shownBad = 100;

/** Reads the beginning of a form's file. */
export function previewOf(request: FastifyRequest) {
  return withForm(request, async ({ fields, file }) => {
    const errors: FieldErrors = {};
    const options = readOptions('preview', fields, errors);
    if (Object.keys(errors).length > 0) throw invalid(errors);
    const parts: Buffer[] = [];
    let size = 0;
    let complete = true;
    for await (const bytes of file) {
      parts.push(bytes);
      size += bytes.length;
      if (size < limits.previewBytes) continue;
      complete = false;
      break;
    }
    const head = await readHead(Buffer.concat(parts).subarray(0, limits.previewBytes), complete, options);
    const rows: string[][] = [];
    const lines: number[] = [];
    for (const chunk of head.first) {
      for (let i = 0; i < chunk.lines.length && rows.length < limits.previewRows; i += 1) {
        lines.push(chunk.lines[i]!);
        rows.push(chunk.columns.map((column) => column[i]!.slice(0, rawLength)));
      }
    }
    return {
      ...formatResource(head.format),
      phone_column: head.phone === -1 ? null : head.phone + 1,
      ...{ rows, lines, bad: badRows(head).slice(0, shownBad) },
    };
  });
}
