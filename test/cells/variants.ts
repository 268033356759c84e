import type { Api } from '../../nodes/lib/cognito/apis';
import type { Setup, TestPool } from '../support/sign-in-flow';

export type Access = Pick<Setup, 'pool' | 'poolCredentials'>;

/** Each API, with and without a client secret. */
export const variants: readonly { api: Api; withSecret: boolean; name: string; access: (pool: TestPool) => Access }[] =
  [
    {
      api: 'server-side',
      withSecret: true,
      name: 'server-side, with a client secret',
      access: (pool) => pool.serverSide(),
    },
    {
      api: 'server-side',
      withSecret: false,
      name: 'server-side, without a client secret',
      access: (pool) => pool.serverSideWithoutSecret(),
    },
    {
      api: 'client-side',
      withSecret: true,
      name: 'client-side, with a client secret',
      access: (pool) => pool.clientSideWithSecret(),
    },
    {
      api: 'client-side',
      withSecret: false,
      name: 'client-side, without a client secret',
      access: (pool) => pool.clientSide(),
    },
  ];
