import { refuse } from '../exceptions';
import type { Input } from './input';
import { userPoolId } from './members';
import type { Operation } from './operation';
import type { Member } from './shape';

/** The most that one page holds: PoolQueryLimitType and QueryLimit of the API reference. */
const MOST = 60;

const nextToken: Member = { type: 'text', min: 1, pattern: /^\S+$/ };

/**
 * The pools of the region that the request is signed for, without their settings. MaxResults is required.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPools.html
 */
export const listUserPools: Operation = {
  signed: true,
  shape: { MaxResults: { type: 'number', required: true, min: 1, max: MOST }, NextToken: nextToken },
  run: ({ pools }, input) => {
    const { page, NextToken } = pageOf(pools.all, ({ id }) => id, input);
    return { UserPools: page.map(({ id, name }) => ({ Id: id, Name: name })), NextToken };
  },
};

/**
 * The app clients of a pool, without their settings. That without MaxResults there are as many as can be is an assumption.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPoolClients.html
 */
export const listUserPoolClients: Operation = {
  signed: true,
  shape: { UserPoolId: userPoolId, MaxResults: { type: 'number', min: 1, max: MOST }, NextToken: nextToken },
  run: ({ pools }, input) => {
    const { id, config } = pools.get(input.text('UserPoolId'));
    const { page, NextToken } = pageOf(config.clients, ({ clientId }) => clientId, input);
    const described = page.map((client) => ({
      ClientId: client.clientId,
      UserPoolId: id,
      ClientName: client.clientName ?? client.clientId,
    }));
    return { UserPoolClients: described, NextToken };
  },
};

/** One page, and the token of the next one, which is the key of the last item shown. AWS's are opaque. */
function pageOf<T>(
  all: readonly T[],
  keyOf: (item: T) => string,
  input: Input,
): { page: readonly T[]; NextToken: string | undefined } {
  const token = input.optionalText('NextToken');
  const shown = token === undefined ? 0 : all.findIndex((item) => keyOf(item) === token) + 1;
  if (token !== undefined && shown === 0) throw refuse('paginationTokenInvalid');
  const page = all.slice(shown, shown + (input.optionalNumber('MaxResults') ?? MOST));
  const last = page.at(-1);
  return { page, NextToken: last !== undefined && last !== all.at(-1) ? keyOf(last) : undefined };
}
