import type { UserPool } from './user-pool';

/** Something to choose from: its id, which is what the setting holds, and the name that people gave it. */
export interface Choice {
  readonly id: string;
  readonly name: string;
}

export interface Choices {
  readonly choices: readonly Choice[];
  /** There are more, which were not asked for. */
  readonly more: boolean;
}

/** PoolQueryLimitType and QueryLimit of the API reference. */
const pageSize = 60;
/** How many pages are read, so that a list can't take for ever. */
const mostPages = 5;

interface Page {
  readonly choices: readonly Choice[];
  readonly next: string | undefined;
}

async function readPages(read: (token: string | undefined) => Promise<Page>): Promise<Choices> {
  const choices: Choice[] = [];
  let next: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await read(next);
    choices.push(...answer.choices);
    next = answer.next;
    if (next === undefined) break;
  }
  return { choices, more: next !== undefined };
}

function choice(id: string | undefined, name: string | undefined): Choice[] {
  return id === undefined ? [] : [{ id, name: name ?? '' }];
}

/**
 * The user pools of a region.
 * @param pool any of that region, with the credentials to ask with
 * @throws CognitoAuthError
 */
export function listPools(pool: UserPool, signal: AbortSignal): Promise<Choices> {
  return readPages(async (token) => {
    const input = { MaxResults: pageSize, ...(token !== undefined && { NextToken: token }) };
    const { UserPools = [], NextToken } = await pool.call('ListUserPools', input, signal);
    return { choices: UserPools.flatMap(({ Id, Name }) => choice(Id, Name)), next: NextToken };
  });
}

/** The app clients of a user pool. @throws CognitoAuthError */
export function listClients(pool: UserPool, signal: AbortSignal): Promise<Choices> {
  return readPages(async (token) => {
    const input = {
      UserPoolId: pool.userPoolId,
      MaxResults: pageSize,
      ...(token !== undefined && { NextToken: token }),
    };
    const { UserPoolClients = [], NextToken } = await pool.call('ListUserPoolClients', input, signal);
    const choices = UserPoolClients.flatMap(({ ClientId, ClientName }) => choice(ClientId, ClientName));
    return { choices, next: NextToken };
  });
}
