import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { currentTotpCode, LocalCognito, practiceCredentials } from '@cognito-flows/local-cognito';
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import should from 'should';
import { Passkey } from './support/passkey';
import { clientSecret, password, poolId, secretClient, testPools } from './support/pools';
import { installed, npm, RealNodeRed, root } from './support/real-node-red';
import { TokenBroker } from './support/token-broker';

const packageName = '@cognito-flows/node-red-cognito-auth';
const types = [
  'cognito-user-pool',
  'cognito-initiate-auth',
  'cognito-respond-to-challenge',
  'cognito-mfa-setup',
  'cognito-passkey-setup',
  'cognito-sign-out',
  'cognito-token',
  'cognito-verify-token',
];

interface Catalogue {
  readonly errors: Record<string, string>;
  readonly status: Record<string, string>;
  readonly label: Record<string, string>;
}

function catalogueFile(): Catalogue {
  const file = path.join(root, 'nodes/cognito-user-pool/locales/en-US/cognito-user-pool.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Catalogue;
}

/** The nodes of an example, of a flow as it is exported. */
function example(name: string): { id: string; type: string; [setting: string]: unknown }[] {
  return JSON.parse(readFileSync(path.join(root, 'examples', name), 'utf8')) as ReturnType<typeof example>;
}

const examples = readdirSync(path.join(root, 'examples')).filter((name) => name.endsWith('.json'));

describe('the packed package', function () {
  this.timeout(120_000);

  let folder: string;
  let packed: string[];
  let nodeRed: RealNodeRed;
  let cognito: LocalCognito;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'cognito-auth-package-'));
    const output = npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root);
    const [result] = JSON.parse(output) as { filename: string; files: { path: string }[] }[];
    packed = result!.files.map((file) => file.path);
    nodeRed = await RealNodeRed.start(installed(path.join(folder, result!.filename)));
    cognito = new LocalCognito({ pools: testPools() });
    await cognito.listen(0);
  });
  after(async () => {
    await nodeRed.stop();
    await cognito.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('holds', () => {
    it('the nodes, what the editor needs, the examples, README and LICENSE', () => {
      should(packed).containDeep([
        'package.json',
        'README.md',
        'LICENSE',
        'resources/cognito-dialog.js',
        'resources/cognito-tables.js',
        ...types.flatMap((type) => [`dist/nodes/${type}/${type}.js`, `dist/nodes/${type}/${type}.html`]),
        ...types.flatMap((type) => [
          `dist/nodes/${type}/locales/en-US/${type}.json`,
          `dist/nodes/${type}/locales/en-US/${type}.html`,
        ]),
        ...examples.map((name) => `examples/${name}`),
      ]);
    });

    it('no tests, sources, maps, or parts of the repository’s other programs', () => {
      const foreign = packed.filter(
        (file) =>
          !/^(package\.json|README\.md|LICENSE|(dist\/nodes|resources|examples)\/.*)$/.test(file) ||
          /\.(ts|map|test\.js|tgz)$/.test(file),
      );
      should(foreign).be.empty();
    });
  });

  describe('in the editor of a fresh Node-RED', () => {
    it('is listed with all its nodes, none of them in error', async () => {
      const sets = (await nodeRed.json('/nodes')) as {
        module: string;
        types: string[];
        enabled: boolean;
        err?: unknown;
      }[];
      const own = sets.filter((set) => set.module === packageName);
      should(own.flatMap((set) => set.types).sort()).deepEqual([...types].sort());
      for (const set of own) should(set).match({ enabled: true }).and.not.have.property('err');
    });

    it('brings dialogs and help for every node', async () => {
      const html = await nodeRed.text('/nodes', { Accept: 'text/html', 'Accept-Language': 'en-US' });
      for (const type of types) {
        should(html).match(new RegExp(`registerType\\(\\s*['"]${type}['"]`));
        should(html).match(new RegExp(`data-template-name=['"]${type}['"]`));
        should(html).match(new RegExp(`data-help-name=['"]${type}['"]`));
      }
    });

    it('has icons that are there', async () => {
      const html = await nodeRed.text('/nodes', { Accept: 'text/html' });
      for (const type of types.slice(1)) {
        const definition = html.slice(html.search(new RegExp(`registerType\\(\\s*['"]${type}['"]`)));
        const icon = /icon: ?['"]([\w.-]+)['"]/.exec(definition)?.[1];
        const response = await nodeRed.fetch(`/icons/${packageName}/${icon ?? 'none'}`);
        should(response.headers.get('content-type')).startWith('image/svg+xml');
        // For an icon that is not there Node-RED serves its own.
        should(await response.text()).equal(readFileSync(path.join(root, 'icons', icon ?? 'none'), 'utf8'));
      }
    });

    for (const type of types) {
      it(`has the texts of ${type}`, async () => {
        const catalogue = await nodeRed.json(`/locales/${packageName}/${type}?lng=en-US`);
        const file = path.join(root, `nodes/${type}/locales/en-US/${type}.json`);
        should(catalogue).deepEqual(JSON.parse(readFileSync(file, 'utf8')));
      });
    }

    for (const file of ['cognito-dialog.js', 'cognito-tables.js']) {
      it(`can load ${file}`, async () => {
        const response = await nodeRed.fetch(`/resources/${packageName}/${file}`);
        should(response.headers.get('content-type')).containEql('javascript');
        should(await response.text()).equal(readFileSync(path.join(root, 'resources', file), 'utf8'));
      });
    }

    it('lists the examples, and imports them', async () => {
      const listed = (await nodeRed.json(`/library/examples/flows/${packageName}/`)) as { fn: string }[];
      should(listed.map(({ fn }) => fn).sort()).deepEqual(examples.map((name) => name.replace(/\.json$/, '')).sort());
      for (const { fn } of listed) {
        should(await nodeRed.json(`/library/examples/flows/${packageName}/${fn}`)).deepEqual(example(`${fn}.json`));
      }
    });

    describe('runs the example', () => {
      let practice: LocalCognito;

      before(async () => {
        practice = new LocalCognito();
        await practice.listen(0);
      });
      after(() => practice.close());

      /**
       * Deploys an example, with the practice pool of this test in place of the one that it names.
       * @param further other settings, by the type of the node
       */
      async function deployExample(name: string, further: Record<string, object> = {}): Promise<void> {
        const settings: typeof further = { 'cognito-user-pool': { endpoint: practice.endpoint }, ...further };
        const flows = example(name).map((node) => ({ ...node, ...settings[node.type] }));
        await nodeRed.deploy(flows);
        should(nodeRed.output).not.containEql('Waiting for missing types');
        const running = (await nodeRed.json('/flows')) as { flows: object[] };
        should(running.flows).have.length(flows.length);
      }

      it('gateway-login.json, which signs a gateway in', async () => {
        await deployExample('gateway-login.json');
        const line = /Signed in as gateway by USER_SRP_AUTH, SOFTWARE_TOKEN_MFA until \S+Z$/m;
        while (!line.test(nodeRed.output)) await sleep(50);
      });

      it('first-sign-in.json, which signs in with a password and a one-time code', async () => {
        await deployExample('first-sign-in.json');
        await nodeRed.fetch('/inject/first-sign-in-start', { method: 'POST' });
        while (!/\[debug:signed in\][^]*'cognito:username': 'station'/.test(nodeRed.output)) await sleep(50);
        practice.clock.advance(30_000); // the next example needs a code too
      });

      it('device-gateway.json, which needs a second factor only once', async () => {
        await deployExample('device-gateway.json');
        for (const how of ['with a second factor', 'on the remembered device']) {
          await nodeRed.fetch('/inject/device-gateway-start', { method: 'POST' });
          while (!nodeRed.output.includes(`station signed in ${how}`)) await sleep(50);
        }
      });

      it('sign-out.json, after which there are no new tokens', async () => {
        await deployExample('sign-out.json');
        const click = async (button: string, lines: readonly string[]): Promise<void> => {
          const before = nodeRed.output.length;
          await nodeRed.fetch(`/inject/sign-out-${button}`, { method: 'POST' });
          while (!lines.every((line) => nodeRed.output.slice(before).includes(line))) await sleep(50);
        };
        for (const way of ['one', 'everywhere']) {
          await click('sign-in', ['ada signed in']);
          await click('refresh', ['ada has new tokens']);
          await click(way, ['signed out', 'Refresh Token has been revoked']);
          await click('refresh', ['Refresh Token has been revoked']);
        }
      });

      it('protected-api.json, which answers those alone who bring a token', async () => {
        await deployExample('protected-api.json');
        const lines = {
          with: 'with a token: 200 {"message":"Hello, ada!","groups":["engineers"]}',
          without: 'without a token: 401 {"error":"invalid_request","error_description":"A token is required"',
        };
        for (const [button, line] of Object.entries(lines)) {
          await nodeRed.fetch(`/inject/protected-api-${button}`, { method: 'POST' });
          while (!nodeRed.output.includes(line)) await sleep(50);
        }
        const answer = await nodeRed.fetch('/api/hello', { headers: { authorization: 'Bearer x.y.z' } });
        should(answer.status).equal(401);
        should(answer.headers.get('www-authenticate')).containEql('error="invalid_token"');
        should(await answer.json()).match({ error: 'invalid_token', reason: 'malformed' });
      });

      const refreshes = (): number =>
        practice.requests.filter(({ operation }) => operation === 'GetTokensFromRefreshToken').length;

      it('token-for-api.json, which gets another token where the API rejects one', async () => {
        const click = (button: string) => nodeRed.fetch(`/inject/token-for-api-${button}`, { method: 'POST' });
        /** Waits until the API has accepted another token. */
        const accepted = async (before?: string): Promise<string> => {
          for (;;) {
            const { memory } = (await nodeRed.json('/context/flow/token-for-api-tab')) as {
              memory: { acceptedToken?: { msg: string } };
            };
            const now = memory.acceptedToken?.msg;
            if (now !== undefined && now !== before) return now;
            await sleep(50);
          }
        };
        practice.clock.advance(30_000); // the gateway has used its code
        await deployExample('token-for-api.json');
        const first = await accepted();
        const before = refreshes();
        await click('refuse');
        await accepted(first);
        should(refreshes() - before).equal(1);

        await deployExample('token-for-api.json', { 'cognito-verify-token': { tokenUse: 'id' } });
        await click('start');
        while (!nodeRed.output.includes('The API answered 401')) await sleep(50);
        should(refreshes() - before).equal(2); // each reading comes back once
        practice.clock.reset();
      });

      it('mqtt-with-token.json, which connects to a broker with each new token', async () => {
        const broker = await TokenBroker.start(`${practice.endpoint}/us-east-1_Practice1`);
        const click = (button: string, props?: object[]) =>
          nodeRed.post(`/inject/mqtt-with-token-${button}`, props ? { __user_inject_props__: props } : {});
        const isPublished = async (): Promise<void> => {
          const before = nodeRed.output.length;
          while (!/temperature: [\d.]+/.test(nodeRed.output.slice(before))) {
            await click('publish');
            await sleep(100);
          }
        };
        const mqtt = { broker: '127.0.0.1', port: String(broker.port) };
        await deployExample('mqtt-with-token.json', { 'mqtt-broker': mqtt });
        await click('connect');
        await isPublished();
        const [first] = broker.connections;
        should(first).match({ username: 'ada', jti: /./ });
        should(broker.connections).have.length(1);

        // As when it is renewed by itself, minutes later.
        await click('connect', [{ p: 'forceRefresh', v: true, vt: 'bool' }]);
        while (broker.connections.length < 2 || broker.connected > 1) await sleep(50);
        await isPublished();
        should(broker.connections).have.length(2);
        should(broker.connections[1]?.jti).be.a.String().and.not.equal(first?.jti);

        await click('disconnect');
        while (broker.connected > 0) await sleep(50);
        await broker.close();
      });

      /** A form's fields, told from the page that it stands on. */
      type Form = (html: string) => Record<string, string>;
      const sum: Form = (html) => {
        const [, a, b] = /(\d+) \+ (\d+)/.exec(html) ?? [];
        return { answer: String(Number(a) + Number(b)) };
      };

      /** The examples that are pages, and the forms that sign ada in there. */
      const pages: Record<string, { url: string; forms: Form[] }> = {
        'choose-method.json': {
          url: '/choose',
          forms: [() => ({ username: 'ada' }), () => ({ choice: 'PASSWORD_SRP', password: 'Practice-1234' })],
        },
        'custom-question.json': { url: '/question', forms: [() => ({ username: 'ada' }), sum, sum] },
        'email-code.json': {
          url: '/email-code',
          forms: [() => ({ username: 'ada@example.com' }), () => ({ code: practice.outbox.latest('ada')?.code ?? '' })],
        },
        'web-login.json': { url: '/login', forms: [() => ({ username: 'ada', password: 'Practice-1234' })] },
      };

      for (const [name, { url, forms }] of Object.entries(pages)) {
        it(`${name}, which signs a person in`, async () => {
          await deployExample(name);
          let html = await nodeRed.text(url);
          should(html).containEql('User name');
          let cookie = '';
          for (const form of forms) {
            const [, step] = /name="step" value="(\d+)"/.exec(html) ?? [];
            const body = new URLSearchParams({ ...form(html), ...(step && { step }) });
            const answer = await nodeRed.fetch(url, { method: 'POST', body, headers: { cookie }, redirect: 'manual' });
            cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
            html = await nodeRed.text(url, { cookie });
          }
          should(html).containEql('Signed in as ada');
        });
      }

      /** Takes a step of a page as a browser does, and tells the cookie that it has then. */
      async function step(to: string, cookie: string, body: URLSearchParams | object): Promise<[Response, string]> {
        const isForm = body instanceof URLSearchParams;
        const answer = await nodeRed.fetch(to, {
          method: 'POST',
          body: isForm ? body : JSON.stringify(body),
          headers: { cookie, ...(!isForm && { 'content-type': 'application/json' }) },
          redirect: 'manual',
        });
        return [answer, answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie];
      }

      it('totp-enrolment.json, which sets up an authenticator app on the way in', async () => {
        await deployExample('totp-enrolment.json');
        let cookie = '';
        /** The page after a form. */
        const send = async (fields: Record<string, string>): Promise<string> => {
          const [answer, next] = await step('/enrol', cookie, new URLSearchParams(fields));
          cookie = next;
          return answer.status === 303 ? nodeRed.text('/enrol', { cookie }) : answer.text();
        };
        const nora = { step: 'sign in', username: 'nora', password: 'Practice-1234' };
        const html = await send(nora);
        should(html).match(/<img src="data:image/);
        const secret = /<code id="secret">([A-Z2-7]+)</.exec(html)?.[1] ?? '';
        const code = currentTotpCode(secret);

        const wrong = code === '000000' ? '111111' : '000000';
        should(await send({ step: 'first code', code: wrong })).containEql('That code is wrong.');
        should(await send({ step: 'first code', code })).containEql('Signed in as nora');

        should(await send(nora))
          .containEql('Code from your authenticator app')
          .and.not.containEql('<img');
        practice.clock.advance(30_000);
        const next = currentTotpCode(secret, practice.clock.now());
        should(await send({ step: 'code', code: next })).containEql('Signed in as nora');
        practice.clock.reset();
      });

      it('passkey.json, which registers a passkey, and signs in with it alone', async () => {
        await deployExample('passkey.json');
        const passkey = new Passkey({ origin: 'http://localhost:1880', rpId: 'localhost' });
        let cookie = '';
        const send = async (fields: object): Promise<{ options?: unknown }> => {
          const [answer, next] = await step('/passkey', cookie, fields);
          should(answer.status).equal(200);
          cookie = next;
          return (await answer.json()) as { options?: unknown };
        };
        const shown = async (): Promise<string> => {
          const url = nodeRed.url.replace('127.0.0.1', 'localhost');
          return (await fetch(`${url}/passkey`, { headers: { cookie } })).text();
        };
        await send({ step: 'password', username: 'ada', password: 'Practice-1234' });
        should(await shown())
          .containEql('With the password')
          .and.not.containEql('eyJ');
        const { options } = await send({ step: 'register' });
        await send({ step: 'register', credential: passkey.create(options as PublicKeyCredentialCreationOptionsJSON) });
        await send({ step: 'sign out' });
        should(await shown()).containEql('User name');

        const asked = await send({ step: 'passkey', username: 'ada' });
        await send({ step: 'passkey', credential: passkey.get(asked.options as string) });
        should(await shown()).containEql('With the passkey alone');
        should(await nodeRed.text('/passkey')).containEql('no passkeys for an IP address');
      });

      it('every one that there is', () => {
        const others = [
          'device-gateway',
          'first-sign-in',
          'gateway-login',
          'mqtt-with-token',
          'passkey',
          'protected-api',
          'sign-out',
          'token-for-api',
          'totp-enrolment',
        ];
        const names = [...others.map((name) => `${name}.json`), ...Object.keys(pages)];
        should([...examples].sort()).deepEqual(names.sort());
      });
    });

    it('has no two nodes of one name in its examples', () => {
      const ids = examples.flatMap((name) => example(name).map(({ id }) => id));
      should(ids).have.length(new Set(ids).size);
    });

    it('has an example of every node', () => {
      const used = new Set(examples.flatMap((name) => example(name).map(({ type }) => type)));
      should(types.filter((type) => !used.has(type))).be.empty();
    });
  });

  describe('in a deployed flow', () => {
    const at = { z: 'tab', x: 100, y: 100 };
    const answerWith = (id: string, expression: string, statusCode: string) => [
      {
        id,
        ...at,
        type: 'change',
        rules: [{ t: 'set', p: 'payload', pt: 'msg', to: expression, tot: 'jsonata' }],
        wires: [[`${id}-out`]],
      },
      { id: `${id}-out`, ...at, type: 'http response', statusCode, wires: [] },
    ];

    before(async () => {
      await nodeRed.deploy([
        { id: 'tab', type: 'tab', label: 'Sign-in' },
        {
          id: 'pool',
          type: 'cognito-user-pool',
          userPoolId: poolId,
          clientId: secretClient,
          api: 'server-side',
          credentialsSource: 'keys',
          endpoint: cognito.endpoint,
          credentials: { clientSecret, ...practiceCredentials },
        },
        { id: 'sign-in', ...at, type: 'http in', url: '/sign-in', method: 'post', wires: [['start']] },
        { id: 'start', ...at, type: 'cognito-initiate-auth', userPool: 'pool', wires: [['signed-in'], ['challenged']] },
        ...answerWith('signed-in', '{"claims": cognito.claims, "body": req.body}', '200'),
        ...answerWith('challenged', '{"challenge": payload.ChallengeName, "cognito": cognito}', '401'),
        { id: 'catching', ...at, type: 'catch', scope: ['start'], wires: [['failed']] },
        ...answerWith('failed', '{"error": error, "body": req.body}', '400'),
        { id: 'stating', ...at, type: 'status', scope: ['start'], wires: [['stated']] },
        {
          id: 'stated',
          ...at,
          type: 'change',
          rules: [{ t: 'set', p: 'status', pt: 'flow', to: 'status', tot: 'msg' }],
          wires: [[]],
        },
      ]);
    });
    afterEach(() => {
      cognito.clock.reset();
    });

    const signIn = async (username: string, secret: string): Promise<unknown> =>
      (await nodeRed.post('/sign-in', { username, password: secret })).json();

    /** Waits until the node shows this status. */
    async function showsStatus(text: string): Promise<void> {
      for (;;) {
        const { status } = ((await nodeRed.json('/context/flow/tab')) as { memory: { status?: { msg: string } } })
          .memory;
        if (status && (JSON.parse(status.msg) as { text?: string }).text === text) return;
        await sleep(50);
      }
    }

    it('signs in, and the password is gone from the request', async () => {
      should(await signIn('ada', password)).match({ claims: { 'cognito:username': 'ada' }, body: { username: 'ada' } });
    });

    it('shows in words that it has signed in', async () => {
      await signIn('ada', password);
      await showsStatus(catalogueFile().status.signedIn!);
    });

    it('meets a challenge', async () => {
      should(await signIn('sam', password)).match({ challenge: 'SMS_MFA', cognito: { username: 'sam' } });
      await showsStatus('SMS_MFA');
    });

    it('tells Catch what to do, after Cognito’s own words', async () => {
      const advice = catalogueFile().errors.NotAuthorizedException!;
      const words = 'Incorrect username or password.';
      const answer = (await signIn('ada', 'Wrong-Password-1')) as { error: unknown; body: unknown };
      should(answer.error).match({
        code: 'NotAuthorizedException',
        message: `NotAuthorizedException: ${words} ${advice}`,
        cause: { message: words, advice },
      });
      should(answer.body).deepEqual({ username: 'ada' });
      await showsStatus('NotAuthorizedException');
    });

    it('fills in the names that a sentence needs', async () => {
      const answer = (await signIn('', password)) as { error: { message: string } };
      const sentence = catalogueFile()
        .errors.InputMissing!.replace('__field__', 'username')
        .replace('__source__', 'msg.payload.username');
      should(answer.error.message).equal(`InputMissing: ${sentence}`);
    });

    it('names a clock that is wrong', async () => {
      cognito.clock.advance(3_600_000);
      const { error } = (await signIn('ada', 'Wrong-Password-1')) as { error: { message: string } };
      const sentence = catalogueFile().errors.wrongClock!;
      const [before, after] = sentence.split('__seconds__');
      should(error.message).containEql(before!).and.containEql(after!);
      should(error.message).match(/(3599|3600|3601) s ahead/);
    });

    it('has no secret in its flows, its files or its log', async () => {
      await signIn('ada', password);
      const secrets = [password, 'Wrong-Password-1', clientSecret, practiceCredentials.secretAccessKey];
      const exported = await nodeRed.text('/flows', { 'Node-RED-API-Version': 'v2' });
      should(exported).containEql(poolId);
      for (const secret of secrets) {
        should(exported).not.containEql(secret);
        should(nodeRed.files).not.containEql(secret);
        should(nodeRed.output).not.containEql(secret);
      }
      const credentials = await nodeRed.text('/credentials/cognito-user-pool/pool');
      for (const secret of secrets) should(credentials).not.containEql(secret);
    });
  });
});
