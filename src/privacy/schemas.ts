// The parameters and answers of the privacy operations, which are Carillon's own. Used by the routes.

import { Type } from 'typebox';
import { Data, Id } from '../http/index.ts';
import { msisdnDigits } from '../phones/index.ts';

const Phone = Type.Integer({
  minimum: 10 ** (msisdnDigits.min - 1),
  maximum: 10 ** msisdnDigits.max - 1,
  description: 'In international form, without plus',
  examples: [34600000000],
});

const StopList = Type.Boolean({
  default: false,
  description: 'Whether its stop list entries go too: then it may be written to again',
});

export const EraseBody = Type.Object(
  { phone: Phone, stop_list: Type.Optional(StopList) },
  { additionalProperties: false, examples: [{ phone: 34600000000 }] },
);

export const AnyEraseBody = Type.Object(
  {
    ...EraseBody.properties,
    account_id: Type.Optional(
      Type.Integer({ ...Id, description: 'Only what this account knows; absent: everywhere' }),
    ),
  },
  { additionalProperties: false, examples: [{ phone: 34600000000 }] },
);

const Count = (description: string) => Type.Integer({ description });

export const ErasedAnswer = Data(
  Type.Object({
    messages: Count('Whose number, own text and reference are gone'),
    contacts: Count('Deleted'),
    stop_list: Count('Deleted: none unless asked for'),
    inbound: Count('Messages from it, deleted'),
    import_rejections: Count('Rows of files with it, emptied'),
    orphan_receipts: Count(
      'Receipts of unknown messages, deleted; of an account always 0: they are nobody’s',
    ),
    exports: Count('Deleted with their files, because it may stand in them'),
  }),
);

export const ExportQuery = Type.Object({ phone: Phone });

export const AnyExportQuery = Type.Object({
  phone: Phone,
  account_id: Type.Optional(
    Type.Integer({ ...Id, description: 'Only what this account knows; absent: everything' }),
  ),
});
