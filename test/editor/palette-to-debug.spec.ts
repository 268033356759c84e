import { LocalCognito, practiceCredentials } from '@cognito-flows/local-cognito';
import should from 'should';
import { clientSecret, openPools, password, poolId, secretClient } from '../support/pools';
import { Editor } from './editor';

interface Step {
  readonly type: string;
  /** Fills in the open dialog what the defaults leave open. */
  readonly fill: (editor: Editor) => Promise<void>;
  /** The node that hands it messages, by its type and port; an inject node of its own, unless given. */
  readonly after?: readonly [type: string, port: number];
  /** The port that leads to the debug node, and what that shows of the message. */
  readonly port: number;
  readonly property: string;
  readonly shows: RegExp;
  readonly status: string;
}

const pools = openPools();
const totpSecret = pools[0]?.users.find(({ username }) => username === 'tom')?.totpSecret ?? '';
const secrets = { password, clientSecret, totpSecret, secretAccessKey: practiceCredentials.secretAccessKey };

async function account(editor: Editor, username: string): Promise<void> {
  await editor.setKind('username', 'str');
  await editor.fill('username', username);
  await editor.setKind('password', 'cred');
  await editor.fill('password', password);
}

/** A TOTP code is good once: the next sign-in may have to wait for another one, which comes every 30 s. */
const aTotpStep = { timeout: 40_000 };

const nothing = (): Promise<void> => Promise.resolve();

/** Each goes on from those before it. */
const steps: Step[] = [
  {
    type: 'cognito-initiate-auth',
    fill: (editor) => account(editor, 'ada'),
    port: 0,
    property: 'payload.AccessToken',
    shows: /eyJ/,
    status: 'signed in',
  },
  {
    type: 'cognito-mfa-setup',
    fill: async (editor) => {
      await editor.setKind('choice', 'choice');
      await editor.choose('choice', 'SOFTWARE_TOKEN_MFA');
    },
    after: ['cognito-initiate-auth', 0],
    port: 2,
    property: 'payload.OtpauthUri',
    shows: /otpauth:\/\/totp\//,
    status: 'QR code to be scanned',
  },
  {
    type: 'cognito-passkey-setup',
    fill: nothing,
    after: ['cognito-initiate-auth', 0],
    port: 1,
    property: 'payload.rp.id',
    shows: /localhost/,
    status: 'passkey to be made',
  },
  {
    type: 'cognito-token',
    fill: (editor) => account(editor, 'ada'),
    port: 0,
    property: 'headers.Authorization',
    shows: /Bearer eyJ/,
    status: 'with token',
  },
  {
    type: 'cognito-verify-token',
    fill: (editor) => editor.fill('token', 'headers.Authorization'),
    after: ['cognito-token', 0],
    port: 0,
    property: 'cognito.username',
    shows: /ada/,
    status: 'valid',
  },
  {
    type: 'cognito-initiate-auth',
    fill: (editor) => account(editor, 'tom'),
    port: 1,
    property: 'payload.ChallengeName',
    shows: /SOFTWARE_TOKEN_MFA/,
    status: 'SOFTWARE_TOKEN_MFA',
  },
  {
    type: 'cognito-respond-to-challenge',
    fill: async (editor) => {
      await editor.setKind('totpSecret', 'cred');
      await editor.fill('totpSecret', totpSecret);
    },
    after: ['cognito-initiate-auth', 1],
    port: 0,
    property: 'cognito.username',
    shows: /tom/,
    status: 'signed in',
  },
  {
    type: 'cognito-sign-out',
    fill: nothing,
    after: ['cognito-respond-to-challenge', 0],
    port: 0,
    property: 'payload.TokenType',
    shows: /Bearer/,
    status: 'signed out',
  },
];

describe('in the editor, from the palette to the debug sidebar', function () {
  this.bail(true); // each step goes on from the one before
  let cognito: LocalCognito;
  let endpoint: string;
  let editor: Editor;
  /** By type, the node that was drawn last, and the inject node at the beginning of its wires. */
  const drawn = new Map<string, { id: string; start: string }>();

  before(async () => {
    cognito = new LocalCognito({ pools });
    endpoint = await cognito.listen(0);
    editor = await Editor.start();
  });

  after(async () => {
    await editor.stop();
    await cognito.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await editor.screenshot('failed-palette-to-debug');
  });

  async function choosePool(): Promise<void> {
    const [pool] = await editor.nodes('cognito-user-pool');
    if (pool !== undefined) {
      await editor.page.locator('#node-input-userPool').selectOption(pool.id);
      return;
    }
    await editor.openPool('add');
    const setting = (name: string) => editor.page.locator(`#node-config-input-${name}`);
    await setting('userPoolId').fill(poolId);
    await setting('clientId').fill(secretClient);
    await setting('clientSecret').fill(clientSecret);
    await setting('credentialsSource').selectOption('keys');
    await setting('accessKeyId').fill(practiceCredentials.accessKeyId);
    await setting('secretAccessKey').fill(practiceCredentials.secretAccessKey);
    await editor.unfold();
    await setting('endpoint').fill(endpoint);
    await editor.donePool();
  }

  async function addDebug(property: string, y: number): Promise<string> {
    const id = await editor.add('debug', 690, y);
    await editor.open(id);
    const value = editor.page.locator('#node-input-typed-complete + .red-ui-typedInput-container input').first();
    await value.fill(property);
    await value.blur();
    await editor.done();
    return id;
  }

  for (const [index, { type, fill, after, port, property, shows, status }] of steps.entries()) {
    const y = 60 + 80 * index;

    it(`${type} (${status}): dragged, filled in, wired, deployed, and run`, async () => {
      const id = await editor.add(type, 420, y);
      await editor.triangle(id).waitFor();
      await editor.triangle(id).hover();
      await editor.tooltip.filter({ hasText: 'User pool' }).waitFor();
      await editor.page.mouse.move(5, 5);

      await editor.open(id);
      await choosePool();
      await fill(editor);
      await editor.done();
      await editor.triangle(id).waitFor({ state: 'hidden' });

      const before = after && drawn.get(after[0]);
      const start = before?.start ?? (await editor.add('inject', 170, y));
      if (before === undefined) await editor.wire(start, 0, id);
      else await editor.wire(before.id, after?.[1] ?? 0, id);
      await editor.wire(id, port, await addDebug(property, y));
      await editor.deploy();
      drawn.set(type, { id, start });

      const messages = await editor.freshDebug();
      await editor.inject(start);
      await messages.filter({ hasText: `msg.${property}` }).filter({ hasText: shows }).waitFor(aTotpStep);
      await editor.untilStatus(id, status);
    });
  }

  it('a node that fails says so in the debug sidebar and below itself', async () => {
    cognito.faults.inject({ operation: 'AdminInitiateAuth', exception: 'NotAuthorizedException' });
    const { id, start } = drawn.get('cognito-initiate-auth') ?? { id: '', start: '' };
    const messages = await editor.freshDebug();
    await editor.inject(start);
    await messages.filter({ hasText: 'NotAuthorizedException' }).first().waitFor();
    await editor.untilStatus(id, 'NotAuthorizedException');
  });

  it('opens again with the same values, and without the secrets', async () => {
    await editor.load();
    const before = await editor.exportedAll();
    for (const type of new Set(steps.map((step) => step.type))) {
      const { id } = drawn.get(type) ?? { id: '' };
      await editor.open(id);
      await editor.openPool('edit');
      const html = await editor.page.evaluate(() =>
        [document.documentElement.outerHTML, ...[...document.querySelectorAll('input')].map(({ value }) => value)].join(),
      );
      for (const [name, secret] of Object.entries(secrets)) should(html.includes(secret)).equal(false, `${type}: ${name}`);
      await editor.donePool();
      await editor.done();
    }
    should(await editor.exportedAll()).equal(before);
  });

  it('the server has handed out no secret, and none is exported', async () => {
    const everything = { received: await editor.received(), exported: await editor.exportedAll() };
    for (const [place, text] of Object.entries(everything)) {
      should(text).containEql(poolId);
      for (const [name, secret] of Object.entries(secrets)) should(text.includes(secret)).equal(false, `${place}: ${name}`);
    }
  });

  it('nothing went wrong in the browser', () => {
    should(editor.problems).eql([]);
  });
});
