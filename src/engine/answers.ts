// What an operator's answer to a submit_sm means for the message. SMPP 3.4 section 5.1.3.

/** sent: the operator has it. later: it has no room now. again: something failed there. refused: never. */
export type Verdict = 'sent' | 'later' | 'again' | 'refused';

const verdicts = new Map<number, Verdict>([
  [0x00, 'sent'], // ESME_ROK
  [0x14, 'later'], // ESME_RMSGQFUL
  [0x58, 'later'], // ESME_RTHROTTLED
  [0x08, 'again'], // ESME_RSYSERR
  [0x45, 'again'], // ESME_RSUBMITFAIL
  [0x04, 'again'], // ESME_RINVBNDSTS: the session is not (or no longer) good for submitting
  [0x64, 'again'], // ESME_RX_T_APPN: temporary application error
  [0xff, 'again'], // ESME_RUNKNOWNERR
]);

/** The verdict on a command_status; what is not known to be temporary is permanent. */
export function verdictOf(commandStatus: number): Verdict {
  return verdicts.get(commandStatus) ?? 'refused';
}
