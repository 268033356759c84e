import { poolId, publicClient, secretClient } from '../support/pools';
import { page, type Secrets } from './canaries';

/** The secrets that can be any text. */
export const canaryNames: readonly string[] = [
  ...['clientSecret', 'secretAccessKey', 'sessionToken', 'encryptionKey', 'proxyPassword'],
  ...['password', 'wrongPassword', 'temporaryPassword', 'newPassword', 'devicePassword'],
  ...['refreshToken', 'accessToken', 'code', 'answer', 'credential', 'extra', 'typedSecret'],
];

/** The addresses of a good server, one that repeats what it is sent, and of proxies. */
interface Servers {
  readonly local: string;
  readonly echoing: string;
  readonly proxy: string;
  readonly refusingProxy: string;
}

/** Picks secrets by their names. */
export function picked<Name extends string>(secrets: Secrets, names: readonly Name[]): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, secrets[name] ?? ''])) as Record<Name, string>;
}

/** Pages that use each node, and user pools of every kind. */
export function canaryFlows(secrets: Secrets, servers: Servers): object[] {
  const of = <Name extends string>(...names: readonly Name[]) => picked(secrets, names);
  const server = { userPoolId: poolId, clientId: secretClient, api: 'server-side', credentialsSource: 'keys', timeout: 5 };
  const keys = of('clientSecret', 'accessKeyId', 'secretAccessKey', 'encryptionKey');
  const all = { ...keys, ...of('sessionToken') };
  const pool = (id: string, settings: object, credentials: Secrets) => ({
    ...{ id, type: 'cognito-user-pool', ...server, endpoint: servers.local },
    ...{ ...settings, credentials },
  });
  const extraParameters = JSON.stringify({ CANARY: secrets.extra });
  const asCredentials = (names: readonly string[]) =>
    Object.fromEntries(names.flatMap((name) => [[name, ''], [`${name}Type`, 'cred']])) as object;
  const initiate = { ...of('password', 'refreshToken', 'accessToken', 'credential', 'devicePassword'), extraParameters };
  const answers = {
    ...of('code', 'totpSecret', 'newPassword', 'password', 'answer', 'credential', 'devicePassword'),
    extraParameters,
  };
  const start = (userPool: string, settings: object = {}) => ({
    ...{ type: 'cognito-initiate-auth', userPool, ...settings, credentials: initiate },
  });
  const respond = (settings: object = {}) => ({
    ...{ type: 'cognito-respond-to-challenge', userPool: 'server', ...settings, credentials: answers },
  });
  const flow = (authFlow: string) => ({ authFlow, authFlowType: 'str' });
  const proxied = (id: string, url: string) => ({
    ...{ id, type: 'http proxy', url, credentials: { username: 'gateway', password: secrets.proxyPassword } },
  });
  const token = (usernameType: string, username: string, others: readonly string[]) => ({
    ...{ type: 'cognito-token', userPool: 'server', username, usernameType, accessTokenTo: 'taken', maxWait: 5 },
    ...asCredentials(['password', 'totpSecret', ...others]),
    credentials: { ...of('password', 'totpSecret', 'refreshToken', 'answer'), extraParameters },
  });
  return [
    pool('server', {}, keys),
    pool('temporary', {}, all),
    pool('public', { api: 'client-side', clientId: publicClient }, { encryptionKey: secrets.encryptionKey! }),
    pool('client', { api: 'client-side' }, all),
    pool('dead', { endpoint: 'http://127.0.0.1:1' }, all),
    pool('echoing', { endpoint: servers.echoing }, keys),
    pool('echoing client', { endpoint: servers.echoing, api: 'client-side' }, keys),
    proxied('proxy', servers.proxy),
    proxied('refusing proxy', servers.refusingProxy),
    proxied('dead proxy', 'http://127.0.0.1:1'),
    ...['proxy', 'refusing proxy', 'dead proxy'].map((id) => pool(`by ${id}`, { proxy: id }, keys)),
    ...page('start', start('server')),
    ...page('own', start('server', asCredentials(['password']))),
    ...page('extra', start('server', asCredentials(['password', 'extraParameters', 'accessToken']))),
    ...page('srp', start('server', flow('USER_SRP_AUTH'))),
    ...page('srp-client', start('client')),
    ...page('device', start('public', asCredentials(['password', 'devicePassword']))),
    ...page('choice', start('server', { ...flow('USER_AUTH'), ...asCredentials(['credential', 'password']) })),
    ...page('refresh', start('server', flow('REFRESH_TOKEN_AUTH'))),
    ...['temporary', 'dead', 'by proxy', 'by refusing proxy', 'by dead proxy'].flatMap((id) =>
      page(id.replaceAll(' ', '-'), start(id)),
    ),
    ...page('echoing', start('echoing', asCredentials(['extraParameters']))),
    ...page('echoing-client', start('echoing client', flow('USER_PASSWORD_AUTH'))),
    ...page('answer', respond({ totpSecret: 'payload.totpSecret', totpSecretType: 'msg' })),
    ...page('answer-own', respond(asCredentials(['totpSecret', 'newPassword', 'code', 'extraParameters']))),
    ...page('answer-totp', respond(asCredentials(['totpSecret']))),
    ...['mfa', 'mfa-own'].flatMap((name) =>
      page(name, {
        ...{ type: 'cognito-mfa-setup', userPool: 'server' },
        ...(name === 'mfa-own' && asCredentials(['accessToken', 'code', 'extraParameters'])),
        credentials: { ...of('accessToken', 'code'), extraParameters },
      }),
    ),
    ...['passkey', 'passkey-own'].flatMap((name) =>
      page(name, {
        ...{ type: 'cognito-passkey-setup', userPool: 'server' },
        ...(name === 'passkey-own' && asCredentials(['accessToken', 'credential'])),
        credentials: of('accessToken', 'credential'),
      }),
    ),
    ...['refreshToken', 'everywhere'].flatMap((signOut) =>
      page(`out-${signOut}`, {
        ...{ type: 'cognito-sign-out', userPool: 'server', signOut, ...asCredentials(['accessToken', 'refreshToken']) },
        credentials: of('accessToken', 'refreshToken'),
      }),
    ),
    ...page('verify', { type: 'cognito-verify-token', userPool: 'server', token: 'taken' }),
    ...page('token', token('str', 'ada', [])),
    ...page('token-mfa', token('str', 'tom', [])),
    ...page('token-refused', token('msg', 'payload.username', ['refreshToken', 'answer', 'extraParameters'])),
  ];
}
