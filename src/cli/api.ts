// The HTTP API as the command line uses it, with errors in words. Called by `campaign` and the demo.

export type ApiAccess = { url: string; key: string };

/** Far above what any request takes; a server that says nothing for so long is not well. */
const timeoutMs = 60_000;

/** Calls the API and returns the body, as text and parsed. Throws an error in words for anything but success. */
export async function callApi(
  { url, key }: ApiAccess,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: unknown,
): Promise<{ text: string; body: unknown }> {
  return answerOf({ url, key }, () =>
    fetch(new URL(path, url), {
      method,
      headers: { 'x-api-key': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
}

/** The answer to a request. Throws an error in words for anything but success. */
export async function answerOf(
  { url }: ApiAccess,
  request: () => Promise<Response>,
): Promise<{ text: string; body: unknown }> {
  let response: Response;
  let text: string;
  try {
    response = await request();
    text = await response.text();
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    throw new Error(
      `no Carillon answers at ${url} (${cause?.code ?? (error as Error).message}): start one with "carillon serve", ` +
        'or give its address with --url',
    );
  }
  const answer = parse(text);
  if (!response.ok) throw new Error(refusal(response.status, answer));
  if (answer === undefined) throw new Error(`what answers at ${url} is not Carillon: check --url`);
  return { text, body: answer };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(status: number, answer: unknown): string {
  const { message, errors } = (answer ?? {}) as { message?: string; errors?: Record<string, string[]> };
  const fields = Object.entries(errors ?? {}).flatMap(([field, problems]) =>
    problems.map((each) => `${field}: ${each}`),
  );
  return [`${status}: ${message ?? 'the server refused without a reason'}`, ...fields].join('\n');
}

/** The report of a campaign, as far as the command line reads it. */
export type Report = {
  id: number;
  name: string;
  sender: string;
  status: string;
  statistics: Record<string, number>;
  total_messages: number;
  total_phones: number;
  total_price: string;
  currency: string;
};

/** Reads GET /api/campaigns/{id}/detail. */
export async function readReport(access: ApiAccess, id: number): Promise<{ report: Report; text: string }> {
  const { body, text } = await callApi(access, 'GET', `/api/campaigns/${id}/detail`);
  return { report: (body as { data: Report }).data, text };
}

/** The states in which a message may still change. */
const undecidedStates = ['moderation', 'scheduled', 'sending', 'sent', 'accepted'];

/** How many messages of a report may still change. */
export function undecided({ statistics }: Report): number {
  return undecidedStates.reduce((sum, state) => sum + (statistics[state] ?? 0), 0);
}
