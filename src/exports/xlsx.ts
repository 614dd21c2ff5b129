// Lines as an XLSX workbook, streamed: the sheets' XML goes straight into the archive, whatever their length. Written
// here, because the libraries for it keep more than a row or are kept no more. Used by write.ts.

import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import yazl from 'yazl';
import { header, type Line } from './line.ts';

/** What a sheet of Excel takes, its header among them. */
const rowsPerSheet = 1_048_576;
/** An entry of a plain ZIP archive is below 4 GiB. */
const octetsPerSheet = 3_500_000_000;
/** The longest text of a cell. */
const longestCell = 32_767;

/** The archive's octets, as `batches` give its lines. An error of theirs is one of the stream. */
export function xlsxStream(batches: AsyncIterable<readonly Line[]>, sheetRows = rowsPerSheet): Readable {
  const zip = new yazl.ZipFile();
  const archive = new PassThrough();
  zip.outputStream.on('error', (error) => archive.destroy(error as Error));
  zip.outputStream.pipe(archive);
  writeSheets(zip, batches, sheetRows, archive).then(
    (sheets) => {
      for (const [name, text] of Object.entries(frame(sheets))) zip.addBuffer(Buffer.from(text), name);
      zip.end();
    },
    (error: Error) => archive.destroy(error),
  );
  return archive;
}

async function writeSheets(
  zip: yazl.ZipFile,
  batches: AsyncIterable<readonly Line[]>,
  sheetRows: number,
  archive: Readable,
): Promise<number> {
  // Whoever waits for a reader that went away would wait for ever.
  const gone = once(archive, 'close').then(() => {
    throw new Error('the archive is read no more');
  });
  gone.catch(() => {});
  let sheets = 0;
  let sheet: PassThrough | null = null;
  let rows = 0;
  let octets = 0;
  const begin = () => {
    sheet = new PassThrough({ highWaterMark: 1 << 20 });
    sheets += 1;
    zip.addReadStream(sheet, `xl/worksheets/sheet${sheets}.xml`, { compressionLevel: 1 });
    sheet.write(sheetBegin + headerRow());
    rows = 1;
    octets = 0;
    return sheet;
  };
  const end = () => sheet?.end(sheetEnd);
  begin();
  for await (const lines of batches) {
    let xml = '';
    for (const line of lines) {
      if (rows >= sheetRows || octets + xml.length > octetsPerSheet) {
        sheet!.write(xml);
        xml = '';
        end();
        begin();
      }
      xml += xmlRow(line);
      rows += 1;
    }
    octets += Buffer.byteLength(xml);
    if (xml !== '' && !sheet!.write(xml)) await Promise.race([once(sheet!, 'drain'), gone]);
  }
  end();
  return sheets;
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageTypes = 'http://schemas.openxmlformats.org/package/2006';
const sheetBegin = `${declaration}<worksheet xmlns="${main}"><sheetData>`;
const sheetEnd = '</sheetData></worksheet>';
const headerRow = () => `<row>${header.map(({ name }) => textCell(name)).join('')}</row>`;

function xmlRow(line: Line): string {
  let xml = '<row>';
  for (let i = 0; i < line.length; i++) {
    const value = line[i]!;
    if (value === '') xml += '<c/>';
    else xml += header[i]!.number ? `<c><v>${value}</v></c>` : textCell(String(value));
  }
  return `${xml}</row>`;
}

/** A text is never a formula in a cell of this type. */
function textCell(text: string): string {
  return `<c t="inlineStr"><is><t xml:space="preserve">${escapeXml(text.slice(0, longestCell))}</t></is></c>`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: XML cannot carry them
const special = /[&<>\u0000-\u0008\u000b-\u001f\ufffe\uffff]|_x(?=[0-9A-Fa-f]{4}_)/g;
const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** As Office writes what XML cannot carry: `_x000D_`, and an underscore that would begin such a form as `_x005F_`. */
export function escapeXml(text: string): string {
  return text.replace(special, (found) => {
    if (found === '_x') return '_x005F_x';
    return entities[found] ?? `_x${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
  });
}

/** The files of a workbook around its sheets. */
function frame(sheets: number): Record<string, string> {
  const all = Array.from({ length: sheets }, (_, i) => i + 1);
  const type = (part: string, kind: string) =>
    `<Override PartName="${part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`;
  return {
    '[Content_Types].xml':
      `${declaration}<Types xmlns="${packageTypes}/content-types">` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      '<Default Extension="xml" ContentType="application/xml"/>' +
      `${type('/xl/workbook.xml', 'sheet.main')}` +
      `${all.map((n) => type(`/xl/worksheets/sheet${n}.xml`, 'worksheet')).join('')}</Types>`,
    '_rels/.rels':
      `${declaration}<Relationships xmlns="${packageTypes}/relationships">` +
      `<Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml':
      `${declaration}<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>` +
      `${all.map((n) => `<sheet name="Messages ${n}" sheetId="${n}" r:id="rId${n}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels':
      `${declaration}<Relationships xmlns="${packageTypes}/relationships">` +
      all
        .map(
          (n) =>
            `<Relationship Id="rId${n}" Type="${relations}/worksheet" Target="worksheets/sheet${n}.xml"/>`,
        )
        .join('') +
      '</Relationships>',
  };
}
