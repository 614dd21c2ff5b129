// Texts of short messages: their encoding, their segments, and how to make any text fit the GSM alphabet.
export { gsmText, isGsm } from './alphabet.ts';
export { type Encoding, encodeSegments, limits, type Measure, measure, type Segments } from './segments.ts';
export { transliterate } from './transliterate.ts';
