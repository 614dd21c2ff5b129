// The limits of the contact book, with the reason of each. Read by the schemas, which document them, and by what
// enforces them.

export const limits = {
  /** Fields of an account: every list of contacts shows them all. `delete`: the One-API's own, a request. */
  fields: { max: 50, name: 30, description: 255, delete: 30 },
  /** Groups of an account: searches for them read all. */
  groups: { max: 10_000, name: { min: 3, max: 50 }, description: 255 },
  /** Of a contact in a request: the One-API's own. */
  groupsOfContact: 100,
  /** Contacts and groups of one attach or detach, contacts of one delete: the One-API's own. */
  attach: { contacts: 200, groups: 100 },
  /** The One-API's own, a request. */
  stopList: { attach: 1000, detach: 200 },
  /** Contacts that one statement writes: some MB of parameters. */
  chunk: 10_000,
  /** Conditions of a search: more than a person writes. */
  conditions: 20,
  /** Characters of what is searched for: no value is longer. */
  searchValue: 255,
} as const;
