// The life of a request for a sender: one table that code, SQL and tests read.
//
//   new ──▶ accepted ──▶ in_progress ──▶ registered | rejected
//
// Steps may be left out. `accepted` means that the papers are complete, `in_progress` that the operators were asked;
// `registered` makes it a sender of the account. What was decided stays decided.

export const requestStatuses = ['new', 'accepted', 'in_progress', 'registered', 'rejected'] as const;

export type RequestStatus = (typeof requestStatuses)[number];

/** Which states may follow a state. */
export const requestTransitions: Record<RequestStatus, readonly RequestStatus[]> = {
  new: ['accepted', 'in_progress', 'registered', 'rejected'],
  accepted: ['in_progress', 'registered', 'rejected'],
  in_progress: ['registered', 'rejected'],
  registered: [],
  rejected: [],
};

/** The states from which a request may become `to`. */
export function statesBefore(to: RequestStatus): RequestStatus[] {
  return requestStatuses.filter((from) => requestTransitions[from].includes(to));
}

/** The states of a request that waits for somebody. */
export const openStatuses = requestStatuses.filter((status) => requestTransitions[status].length > 0);
