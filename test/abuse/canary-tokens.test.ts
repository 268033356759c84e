import { setTimeout as sleep } from 'node:timers/promises';
import { currentTotpCode, LocalCognito } from '@cognito-flows/local-cognito';
import should from 'should';
import { createEphemeral } from '../../nodes/lib/cognito/srp';
import { newTotpSecret, password, poolId, publicClient, testPools } from '../support/pools';
import { type Exchange, relayServer, type TestServer } from '../support/servers';
import { leaks, newMark, page, SearchedNodeRed, type Secrets, shapes } from './canaries';

/** What Cognito answers with that lets somebody in, at any depth. */
const tokenNames = ['AccessToken', 'IdToken', 'RefreshToken', 'SecretCode'];

describe('what real sign-ins get', function () {
  this.timeout(120_000);

  const totpSecret = newTotpSecret();
  const encryptionKey = shapes.plain!(newMark());
  const deviceConfiguration = { challengeRequiredOnNewDevice: true, deviceOnlyRememberedOnUserPrompt: true };
  const [main] = testPools();
  const users = main!.users.map((user) => ({ ...user, ...(user.username === 'tom' && { totpSecret }) }));
  const local = new LocalCognito({ pools: [{ ...main!, users, deviceConfiguration }] });
  const exchanges: Exchange[] = [];
  let relay: TestServer;
  let nodeRed: SearchedNodeRed;
  let places: Readonly<Record<string, string>>;
  let tokens: Secrets = {};
  let sessions: Secrets = {};
  const granted: string[] = [];

  /** Posts a message that gets to an output; what it was granted is kept. */
  async function send(name: string, body: object = {}): Promise<Readonly<Record<string, unknown>>> {
    const answer = await nodeRed.send(name, body);
    should(answer.error?.code).be.undefined();
    granted.push(...Object.values(answer.granted));
    return answer.rest;
  }

  function flows(): object[] {
    const typed = (name: string, type: string, value = '') => ({ [name]: value, [`${name}Type`]: type });
    const own = (username: string) => ({ ...typed('username', 'str', username), ...typed('password', 'cred') });
    const node = (type: string, settings: object, credentials: Secrets = {}) => ({
      ...{ type, userPool: 'pool', ...settings, credentials },
    });
    const start = (settings: object) => node('cognito-initiate-auth', settings, { password });
    return [
      {
        ...{ id: 'pool', type: 'cognito-user-pool', userPoolId: poolId, clientId: publicClient, api: 'client-side' },
        ...{ endpoint: `http://127.0.0.1:${relay.port}`, timeout: 5, credentials: { encryptionKey } },
      },
      ...page('start', start({ rememberTokens: true })),
      ...page('gateway', start({ ...own('tom'), keepDevice: true })),
      ...page('answer', node('cognito-respond-to-challenge', { rememberTokens: true })),
      ...page('refresh', start(typed('authFlow', 'str', 'REFRESH_TOKEN_AUTH'))),
      ...page('token', node('cognito-token', { ...own('ada'), accessTokenTo: 'taken' }, { password })),
      ...page('token-of', node('cognito-token', { ...typed('username', 'msg', 'payload.username'), accessTokenTo: 'taken' })),
      ...page('mfa', node('cognito-mfa-setup', {})),
      ...page('out', node('cognito-sign-out', { signOut: 'refreshToken' })),
    ];
  }

  before(async () => {
    await local.listen(0);
    relay = await relayServer(local.endpoint, (exchange) => {
      exchanges.push(exchange);
      return true;
    });
    nodeRed = await SearchedNodeRed.start();
    await nodeRed.deploy(flows());
  });
  after(async () => {
    await nodeRed.runtime.stop();
    await Promise.all([local.close(), relay.close()]);
  });

  it('is handed to the messages that ask for it', async () => {
    const { cognito } = await send('start', { username: 'ada', password, rememberDevice: true });
    await send('token');
    const { taken } = (await nodeRed.send('token', {})).granted;
    const [AccessToken, , RefreshToken] = granted;
    await send('token-of', { username: 'ada' });
    await send('refresh', { username: 'ada', refreshToken: RefreshToken, cognito });
    const { SecretCode } = (await nodeRed.send('mfa', { AccessToken })).granted;
    should([taken, SecretCode]).matchEach(/^[\w.-]{32,}$/);
  });

  it('and to the node that keeps a remembered device', async () => {
    for (const round of ['with a code', 'without']) {
      local.clock.advance(60_000);
      const rest = await send('gateway');
      const { challengeName } = rest.cognito as { challengeName?: string };
      should(challengeName).equal(round === 'without' ? undefined : 'SOFTWARE_TOKEN_MFA');
      const code = currentTotpCode(totpSecret, local.clock.now());
      if (challengeName !== undefined) await send('answer', { cognito: rest.cognito, code });
    }
  });

  it('goes by at a sign-out', async () => {
    const { granted: theirs } = await nodeRed.send('start', { username: 'ada', password });
    await send('out', { RefreshToken: theirs.RefreshToken });
    await sleep(100);
  });

  it('is all known here', async () => {
    const found: string[] = [];
    const foundSessions: string[] = [];
    const collect = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [name, inner] of Object.entries(value) as [string, unknown][]) {
        if (tokenNames.includes(name) && typeof inner === 'string') found.push(inner);
        else if (name === 'Session' && typeof inner === 'string') foundSessions.push(inner);
        else collect(inner);
      }
    };
    for (const { answer } of exchanges) collect(JSON.parse(answer));
    const { exponents, passwords } = await nodeRed.srp();
    // They are those that the sign-ins on the wire were begun with.
    const begun = exchanges.flatMap(({ request }) => /"SRP_A":"([0-9a-f]+)"/.exec(request)?.[1] ?? []);
    should(begun.length).be.above(3);
    const srpAs = exponents.map((a) => createEphemeral(BigInt(`0x${a}`)).srpA);
    should(srpAs).containDeep(begun);
    const devices = [...new Set(passwords)].filter((one) => one !== password);
    // That of ada's browser went onto her message; what signs in accounts of their own keeps theirs.
    should(devices).have.length(3);
    should(devices.filter((device) => granted.includes(device))).have.length(1);

    tokens = Object.fromEntries([
      ...found.map((token, number) => [`token ${number}`, token]),
      ...exponents.flatMap((a) => [
        ['SRP a in hexadecimal', a],
        ['SRP a', BigInt(`0x${a}`).toString()],
        ['SRP a in base64', Buffer.from(a.padStart(64, '0'), 'hex').toString('base64').slice(0, 42)],
      ]),
      ...devices.map((device, number) => [`device password ${number}`, device]),
      ...Object.entries({ password, totpSecret, encryptionKey }),
    ]) as Secrets;
    should(found.length).be.above(15);
    sessions = Object.fromEntries(foundSessions.map((session, number) => [`session ${number}`, session]));
    should(foundSessions.length).be.above(2);
  });

  it('is nowhere else', async () => {
    places = await nodeRed.places();
    should(leaks(places, tokens)).deepEqual([]);
    should(leaks({ ...places, messages: '' }, sessions)).deepEqual([]); // a challenge hands its session on
  });

  it('is kept in the context on the disk, sealed', () => {
    should(places.files).match(/"cognitoTokens_[0-9a-f]{32}":\s*"[\w-]{100,}"/);
    should(places.files).match(/"cognitoDevice_[0-9a-f]{32}":\s*"[\w-]{100,}"/);
  });

  it('is known again by a Node-RED that has the key', async () => {
    const before = await nodeRed.send('token', {});
    await sleep(500); // it is written after a tenth of a second
    const signIns = () => exchanges.filter(({ operation }) => operation === 'InitiateAuth').length;
    const asked = signIns();
    await nodeRed.runtime.crash();
    const after = await nodeRed.send('token', {});
    should(after.granted.taken).equal(before.granted.taken);
    should(signIns()).equal(asked);
    should(leaks(await nodeRed.places(), { ...tokens, taken: after.granted.taken! })).deepEqual([]);
  });

  it('is found where it is', () => {
    should(leaks({ granted: JSON.stringify(granted) }, tokens).length).be.above(8);
  });
});
