// What may be watched, and its text in a query: `campaign:12,campaigns`. Pure; called by the routes and the hub.

export type Topic =
  | { name: 'campaign'; id: number }
  | { name: 'campaigns' }
  | { name: 'operators' }
  | { name: 'system' };

export const maxTopics = 20;

/** The topics of a query; undefined where one is unknown, or there are none or too many. */
export function readTopics(text: string): Topic[] | undefined {
  const words = [...new Set(text.split(',').map((word) => word.trim()))];
  if (words.length > maxTopics) return undefined;
  const topics = words.map(readTopic);
  return topics.every((topic) => topic !== undefined) ? topics : undefined;
}

function readTopic(word: string): Topic | undefined {
  if (word === 'campaigns' || word === 'operators' || word === 'system') return { name: word };
  const id = /^campaign:([1-9]\d{0,15})$/.exec(word)?.[1];
  return id === undefined || !Number.isSafeInteger(Number(id))
    ? undefined
    : { name: 'campaign', id: Number(id) };
}
