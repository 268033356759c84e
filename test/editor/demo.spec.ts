import { currentTotpCode, LocalCognito, samplePools } from '@cognito-flows/local-cognito';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import should from 'should';
import { findChromium } from './chromium';
import { launchArguments, screenshots } from './editor';
import { freePort } from '../support/servers';
import { linked, RealNodeRed, root } from '../support/real-node-red';

const outbox = 'http://127.0.0.1:9339/outbox.json';
const password = 'Practice-1234';

function totpSecretOf(username: string): string {
  const user = samplePools()[0]?.users.find((candidate) => candidate.username === username);
  if (user?.totpSecret === undefined) throw new Error(`${username} has no TOTP secret`);
  return user.totpSecret;
}

const refusal = 'Incorrect username or password, or the account is locked.';
const unavailable = 'Signing in is not possible right now. Try again later.';

/** A browser without a page: it keeps cookies, and does not follow redirects by itself. */
class Visitor {
  cookie = '';

  constructor(private readonly url: string) {}

  async post(to: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
    const response = await fetch(this.url + to, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { ...this.#cookies(), ...headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
    });
    const set = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
    if (set.length > 0) this.cookie = set[0] ?? '';
    return response;
  }

  /** The page as text, for the last answer if one is given. */
  async page(answer?: Response): Promise<string> {
    const location = answer?.headers.get('location') ?? '/login';
    const target = new URL(location, `${this.url}/login`);
    const response = await fetch(target, { headers: this.#cookies(), signal: AbortSignal.timeout(10_000) });
    return response.text();
  }

  #cookies(): Record<string, string> {
    return this.cookie ? { cookie: this.cookie } : {};
  }
}

function alertOf(html: string): string | undefined {
  return /role="alert">([^<]*)</.exec(html)?.[1];
}

/** Starts a demo that can't run, and tells what it says before it gives up. */
async function failingStart(...options: string[]): Promise<string> {
  const demo = spawn(process.execPath, ['dist/demo/start.js', ...options], { cwd: root });
  let said = '';
  demo.stderr.on('data', (data: Buffer) => {
    said += data.toString();
  });
  const [code] = (await once(demo, 'close')) as [number];
  should(code).equal(1);
  should(said).not.match(/\n {4}at /);
  return said;
}

/** Cookies that are no session ids; of some, Node-RED makes objects. */
const madeUpCookies = ['j%3A%7B%22toString%22%3A1%7D', 'j%3A%5B1%5D', '__proto__', 'toString', ''];

describe('npm start', function () {
  this.timeout(60_000);

  let demo: ChildProcess;
  let ended: Promise<unknown>;
  let folder: string;
  let url: string;
  let log = '';
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'demo-'));
    const port = await freePort();
    url = `http://localhost:${port}`;
    demo = spawn(process.execPath, ['dist/demo/start.js', '--port', String(port), '--user-dir', folder], { cwd: root });
    ended = once(demo, 'exit');
    await new Promise<void>((resolve, reject) => {
      const read = (data: Buffer): void => {
        log += data.toString();
        if (/^Signed in as .*\n/m.test(log)) resolve();
      };
      demo.stdout?.on('data', read);
      demo.stderr?.on('data', read);
      demo.once('exit', () => {
        reject(new Error(log));
      });
    });
    const executablePath = findChromium();
    browser = await chromium.launch({ ...(executablePath && { executablePath }), args: launchArguments });
  });

  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
    page.setDefaultTimeout(8000);
    await page.goto(`${url}/login`);
  });

  afterEach(() => context.close());

  after(async () => {
    await browser.close();
    if (demo.exitCode === null) demo.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  /** The status of a request that names this host. */
  async function statusFor(host: string, headers: Record<string, string> = {}): Promise<number | undefined> {
    const { hostname, port } = new URL(url);
    const asked = request({ hostname, port, path: '/comms', headers: { host, ...headers } }).end();
    return new Promise((resolve, reject) => {
      asked.once('error', reject);
      asked.once('response', (response) => {
        resolve(response.resume().statusCode);
      });
      asked.once('upgrade', (response, socket) => {
        socket.destroy();
        resolve(response.statusCode);
      });
    });
  }

  const submit = (button: string) => page.getByRole('button', { name: button }).click();

  async function enter(username: string, secret: string): Promise<void> {
    await page.getByLabel('User name').fill(username);
    await page.getByLabel('Password').fill(secret);
    await submit('Sign in');
  }

  async function enterCode(code: string): Promise<void> {
    await page.getByLabel(/^Code from/).fill(code);
    await submit('Continue');
  }

  const claim = (name: string) => page.getByRole('row', { name: new RegExp(`^${name} `) }).innerText();

  async function sentCode(username: string): Promise<string> {
    const messages = (await (await fetch(outbox)).json()) as {
      messages: { username: string; code: string; sentAt: number }[];
    };
    const sent = messages.messages.filter((message) => message.username === username);
    sent.sort((a, b) => b.sentAt - a.sentAt);
    return sent[0]?.code ?? '';
  }

  it('says who the gateway signed in as, by which steps and until when, and no token', () => {
    const line = /^Signed in as (\w+) by (.*) until (.*)$/m.exec(log) ?? [];
    should(line[1]).equal('gateway');
    should(line[2]).equal('USER_SRP_AUTH, SOFTWARE_TOKEN_MFA');
    should(Date.parse(line[3] ?? '')).be.above(Date.now());
    should(log).not.match(/eyJ/);
  });

  it('names the page to open, which is the editor', async () => {
    should(log).containEql(url);
    should(await (await fetch(url)).text()).containEql('Node-RED');
  });

  it('names the pages of the examples, each of which is there', async () => {
    const named = [...log.matchAll(/^(\S.*?) {2,}(http:\/\/localhost:\d+(\/\S+))$/gm)];
    should(named.map(([, name, , address]) => [name, address])).containDeep([
      ['Web login', '/login'],
      ['Code by e-mail', '/email-code'],
      ['Choice of method', '/choose'],
      ['Question of your own', '/question'],
      ['Passkey', '/passkey'],
      ['Authenticator app', '/enrol'],
    ]);
    for (const [, , address = ''] of named) {
      const response = await fetch(address);
      should(response.status).equal(200);
      should(response.headers.get('content-type')).startWith('text/html');
    }
  });

  it('takes a user with a new password and an authenticator code through to the claims', async () => {
    await enter('grace', 'Temporary-1234');
    await page.getByLabel('New password').fill('short');
    await page.getByLabel('name', { exact: true }).fill('<i>Grace</i>');
    await submit('Continue');
    should(await page.getByRole('alert').innerText()).match(/did not conform with policy/);

    await page.getByLabel('New password').fill('Lasting-1234');
    await page.getByLabel('name', { exact: true }).fill('<i>Grace</i>');
    await submit('Continue');
    await enterCode('000000');
    should(await page.getByRole('alert').innerText()).match(/Invalid code/);

    await enterCode(currentTotpCode(totpSecretOf('grace')));
    should(await claim('cognito:username')).match(/grace/);
    should(await claim('name')).match(/<i>Grace<\/i>/);
    should(await page.getByRole('heading').innerText()).equal('Signed in as grace');
    should(await page.locator('p').first().innerText()).match(/^Valid until \d\d:\d\d\.$/);
    await page.screenshot({ path: path.join(screenshots, 'web-login.png') });
  });

  it('lets a user choose where the code comes from', async () => {
    await enter('lin', password);
    await page.getByLabel('text message').check();
    await submit('Continue');
    await enterCode(await sentCode('lin'));
    should(await claim('cognito:username')).match(/lin/);
  });

  it('tells that a password is wrong, and lets the user try again', async () => {
    await enter('ada', 'wrong');
    should(await page.getByRole('alert').innerText()).equal(refusal);
    await enter('ada', password);
    should(await claim('cognito:username')).match(/ada/);
  });

  it('keeps the sessions of two browsers apart', async () => {
    const other = await browser.newContext();
    const otherPage = await other.newPage();
    await enter('sam', password);
    await otherPage.goto(`${url}/login`);
    should(await otherPage.getByLabel('User name').count()).equal(1);
    await otherPage.getByLabel('User name').fill('emma');
    await otherPage.getByLabel('Password').fill(password);
    await otherPage.getByRole('button', { name: 'Sign in' }).click();
    await otherPage.getByLabel(/^Code from your e-mail/).fill(await sentCode('emma'));
    await enterCode(await sentCode('sam'));
    await otherPage.getByRole('button', { name: 'Continue' }).click();
    should(await claim('cognito:username')).match(/sam/);
    should(await otherPage.getByRole('row', { name: /^cognito:username / }).innerText()).match(/emma/);
    await other.close();
  });

  it('gives the browser one random cookie that scripts and other sites do not get, a new one at each step', async () => {
    const cookie = async () => {
      const cookies = await context.cookies();
      should(cookies).have.length(1);
      should(cookies[0]).match({ httpOnly: true, sameSite: 'Lax', value: /^[0-9a-f]{64}$/ });
      return cookies[0]?.value;
    };
    await enter('sam', password);
    const before = await cookie();
    await enterCode(await sentCode('sam'));
    await claim('cognito:username');
    should(await cookie()).not.equal(before);
    should(await page.content()).not.match(/eyJ/);
  });

  it('forgets the user at sign-out', async () => {
    await enter('ada', password);
    await submit('Sign out');
    await page.getByLabel('User name').waitFor();
    await page.reload();
    should(await page.getByLabel('User name').count()).equal(1);
  });

  it('takes a double click for one', async () => {
    await enter('sam', password);
    await page.getByLabel(/^Code from/).fill(await sentCode('sam'));
    await page.getByRole('button', { name: 'Continue' }).dblclick();
    should(await claim('cognito:username')).match(/sam/);
    should(await page.getByRole('alert').count()).equal(0);
  });

  it('works at /login/ too', async () => {
    await page.goto(`${url}/login/`);
    await enter('ada', password);
    should(await claim('cognito:username')).match(/ada/);
    should(page.url()).equal(`${url}/login`);
  });

  it('repeats nothing when the page is loaded again', async () => {
    await enter('ada', 'wrong');
    await page.getByRole('alert').waitFor();
    await page.reload();
    await enter('ada', password);
    await claim('cognito:username');
    await page.reload();
    should(await claim('cognito:username')).match(/ada/);
  });

  it('refuses forms that a page of another site sends', async () => {
    await page.route('http://other.example/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<form method="post" action="${url}/login"><input name="username" value="ada"><input name="password" value="${password}"><button>Win</button></form>`,
      }),
    );
    await page.goto('http://other.example/');
    await submit('Win');
    await page.getByText('This form was sent from another site.').waitFor();
    should(await context.cookies()).be.empty();
  });

  /** Waits for the page of this heading. */
  const shows = (heading: string) => page.getByRole('heading', { name: heading, exact: true }).waitFor();
  const alert = () => page.getByRole('alert').innerText();
  /** What the keyboard writes into. */
  const focused = () => page.locator(':focus').getAttribute('name');

  async function begin(at: string, username: string): Promise<void> {
    await page.goto(url + at);
    should(await focused()).equal('username');
    await page.getByLabel('User name or e-mail address').fill(username);
    await submit('Continue');
  }

  async function enterSentCode(code: string): Promise<void> {
    await shows('Enter the code');
    should(await focused()).equal('code');
    await page.getByLabel(/^Code/).fill(code);
    await submit('Sign in');
  }

  describe('at /email-code', () => {
    it('signs in a user without password by the code that was sent, after a wrong one too', async () => {
      await begin('/email-code', 'olga');
      await page.getByLabel('Code sent to o***@e***').waitFor();
      await enterSentCode('00000000');
      should(await alert()).equal('That code is wrong.');
      await enterSentCode(await sentCode('olga'));
      await shows('Signed in as olga');
      should(await page.getByText('Olga, olga@example.com').count()).equal(1);
      await submit('Sign out');
      await page.getByLabel('User name').waitFor();
    });

    it('takes an e-mail address for a name, and a double click for one', async () => {
      await begin('/email-code', 'ada@example.com');
      await page.getByLabel(/^Code/).fill(await sentCode('ada'));
      await page.getByRole('button', { name: 'Sign in' }).dblclick();
      await page.getByText('Signed in as ada').waitFor();
      should(await page.getByRole('alert').count()).equal(0);
    });

    it('says that it is not for users with MFA, and leads back to the start', async () => {
      await begin('/email-code', 'sam');
      await shows('Not by e-mail');
      await submit('Start again');
      await page.getByLabel('User name').waitFor();
    });
  });

  describe('at /choose', () => {
    async function buttons(): Promise<string[]> {
      await shows('How do you want to sign in?');
      return page.getByRole('button').allInnerTexts();
    }

    for (const button of ['Sign in', 'Sign in by SRP']) {
      it(`signs in with a password: ${button}`, async () => {
        await begin('/choose', 'ada');
        should(await buttons()).deepEqual(['Sign in', 'Sign in by SRP', 'Code by e-mail', 'Start again']);
        await page.getByLabel('Password').fill(password);
        await page.getByRole('button', { name: button, exact: true }).click();
        await shows('Signed in as ada');
      });
    }

    it('begins anew after a wrong password', async () => {
      await begin('/choose', 'ada');
      await page.getByLabel('Password').fill('wrong');
      await submit('Sign in by SRP');
      should(await alert()).startWith('Incorrect user name or password');
      should(await focused()).equal('username');
    });

    it('asks for MFA after the password', async () => {
      await begin('/choose', 'lin');
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await shows('Where should the code come from?');
      await submit('Code by text message');
      await enterSentCode(await sentCode('lin'));
      await shows('Signed in as lin');
    });

    it('offers a user without password only what she has', async () => {
      await begin('/choose', 'olga');
      should(await buttons()).deepEqual(['Code by e-mail', 'Code by text message', 'Start again']);
      should(await page.getByLabel('Password').count()).equal(0);
      await submit('Code by text message');
      await enterSentCode('000000');
      should(await alert()).equal('That code is wrong.');
      await enterSentCode(await sentCode('olga'));
      await shows('Signed in as olga');
    });
  });

  describe('at /question', () => {
    /** Answers the sum of a round, rightly or not. */
    async function answerSum(round: number, isRight: boolean): Promise<void> {
      await page.locator(`input[name=step][value="${round}"]`).waitFor({ state: 'attached' });
      should(await focused()).equal('answer');
      const question = page.getByLabel(/^What is/);
      const [, a, b] = /(\d+) \+ (\d+)/.exec(await page.locator('label').innerText()) ?? [];
      await question.fill(isRight ? String(Number(a) + Number(b)) : 'no idea');
      await submit('Answer');
    }

    it('asks until enough answers were right', async () => {
      await begin('/question', 'ada');
      await answerSum(1, false);
      await answerSum(2, true);
      await answerSum(3, true);
      await shows('Signed in as ada');
      await page.reload();
      await shows('Signed in as ada');
    });

    it('begins anew when too many were wrong, or when asked to', async () => {
      await begin('/question', 'ada');
      await submit('Start again');
      await page.getByLabel('User name').fill('ada');
      await submit('Continue');
      for (const round of [1, 2, 3]) await answerSum(round, false);
      should(await alert()).startWith('Signing in was refused');
      should(await focused()).equal('username');
    });
  });

  for (const name of ['localhost', '127.0.0.1', '[::1]']) {
    it(`answers as ${name}`, async () => {
      should(await statusFor(`${name}:${new URL(url).port}`)).not.equal(403);
    });
  }

  for (const name of ['other.example', 'localhost.other.example', '127.0.0.1.other.example']) {
    it(`refuses to be ${name}`, async () => {
      const upgrade = {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      };
      should(await statusFor(name)).equal(403);
      should(await statusFor(name, upgrade)).equal(403);
    });
  }

  it('registers a passkey at /passkey, which then signs in alone', async () => {
    const devTools = await context.newCDPSession(page);
    await devTools.send('WebAuthn.enable');
    await devTools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
      },
    });
    await page.goto(`${url}/passkey`);
    await page.getByLabel('User name').fill('ada');
    await page.getByLabel('Password').fill(password);
    await submit('Sign in with the password');
    await submit('Register a passkey');
    await page.getByText('Your passkey is registered.').waitFor();
    await submit('Sign out');
    await page.getByLabel('User name').fill('ada');
    await submit('Sign in with a passkey');
    await page.getByText('With the passkey alone').waitFor();
  });

  it('sets up an authenticator app at /enrol', async () => {
    await page.goto(`${url}/enrol`);
    await enter('nora', password);
    await enterCode(currentTotpCode(await page.locator('#secret').innerText()));
    await page.getByRole('heading', { name: 'Signed in as nora' }).waitFor();
  });

  it('has a gateway that needs a second factor only once', async () => {
    await page.goto(`${url}/#flow/device-gateway-tab`);
    await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
    const button = page.locator('[id="device-gateway-start"] .red-ui-flow-node-button-button');
    await button.waitFor({ timeout: 30_000 }); // the editor loads longer than a page of a flow
    const status = page.locator('[id="device-gateway-debug"] .red-ui-flow-node-status-label');
    for (const how of ['with a second factor', 'on the remembered device']) {
      await button.click();
      await status.filter({ hasText: how }).waitFor();
    }
    await page.screenshot({ path: path.join(screenshots, 'device-gateway.png') });
  });

  it('refuses to run beside another demo, on its port or not', async () => {
    const { port } = new URL(url);
    const same = await failingStart('--port', port);
    should(same).match(
      new RegExp(
        `^Port ${port} is in use. Port 9339 is in use. .*another demo or local-cognito seems to be running. Stop it first.\n$`,
      ),
    );
    const other = await failingStart('--port', String(await freePort()));
    should(other).match(/^Port 9339 is in use. .*another demo or local-cognito seems to be running. Stop it first.\n$/);
  });

  it('refuses a file as folder, and ports that are none', async () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    for (const place of [file, path.join(file, 'below')]) {
      should(await failingStart('--user-dir', place))
        .startWith(place)
        .and.containEql('--user-dir DIR');
    }
    for (const port of ['0', '65536', 'http', '9339']) should(await failingStart('--port', port)).containEql('Usage: ');
  });

  // Mocha runs it after the other groups.
  describe('in the end', () => {
    it('ends at Ctrl-C and leaves nothing running', async () => {
      demo.kill('SIGINT');
      const [code] = (await ended) as [number];
      should(code).equal(0);
      await fetch(url).should.be.rejected();
      await fetch(outbox).should.be.rejected();
    });
  });
});

describe('npm start on a port in use', () => {
  it('names another port', async () => {
    const busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const { port } = busy.address() as AddressInfo;
    should(await failingStart('--port', String(port))).equal(
      `Port ${port} is in use. Choose another: npm start -- --port ${port + 1}\n`,
    );
    busy.close();
  });
});

describe('the web login', function () {
  this.timeout(60_000);

  let cognito: LocalCognito;
  let nodeRed: RealNodeRed;
  let flow: { id: string; type: string; func?: string; [setting: string]: unknown }[];
  let visitor: Visitor;

  before(async () => {
    cognito = new LocalCognito();
    const endpoint = await cognito.listen(0);
    nodeRed = await RealNodeRed.start(linked);
    const nodes = JSON.parse(readFileSync(path.join(root, 'examples/web-login.json'), 'utf8')) as typeof flow;
    flow = nodes.map((node) => (node.type === 'cognito-user-pool' ? { ...node, endpoint } : node));
    await nodeRed.deploy(flow);
  });
  beforeEach(() => {
    visitor = new Visitor(nodeRed.url);
  });
  afterEach(() => {
    cognito.faults.clear();
  });
  after(async () => {
    await nodeRed.stop();
    await cognito.close();
  });

  const signIn = (username: string, secret = password) => visitor.post('/login', { username, password: secret });
  const answers = () => cognito.requests.filter(({ operation }) => operation === 'AdminRespondToAuthChallenge').length;

  /** Lets the next answer to a challenge take long enough for something else to happen. */
  const slowly = () => {
    cognito.faults.inject({ operation: 'AdminRespondToAuthChallenge', delay: 700, times: 1 });
  };

  /** Sends an answer, and waits until the pool is at it. */
  async function underWay(code: string): Promise<{ answer: Promise<Response> }> {
    const before = answers();
    const answer = visitor.post('/login', { code });
    while (answers() === before) await sleep(10);
    return { answer };
  }

  async function codeForSam(): Promise<string> {
    await signIn('sam');
    return cognito.outbox.latest('sam')?.code ?? '';
  }

  for (const cookie of madeUpCookies) {
    it(`takes the cookie "${cookie}" for none`, async () => {
      visitor.cookie = `cognito_login=${cookie}`;
      should(await visitor.page()).containEql('User name');
      should((await visitor.post('/logout', {})).status).equal(303);
      visitor.cookie = `cognito_login=${cookie}`;
      await signIn('ada');
      should(await visitor.page()).containEql('Signed in as ada');
    });
  }

  it('answers 500 where a function of the flow fails', async () => {
    for (const id of ['web-login-site', 'web-login-load', 'web-login-remember']) {
      await nodeRed.deploy(
        flow.map((node) => (node.id === id ? { ...node, func: 'throw new Error("broken")' } : node)),
      );
      const response = await signIn('ada');
      should(response.status).equal(500);
      should(await response.text()).equal('Something went wrong. Try again later.');
    }
    await nodeRed.deploy(flow);
  });

  const foreign: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://other.example' },
    { origin: 'null' },
  ];
  for (const headers of foreign) {
    it(`refuses forms with ${JSON.stringify(headers)}`, async () => {
      const response = await visitor.post('/login', { username: 'ada', password }, headers);
      should(response.status).equal(403);
      should(response.headers.getSetCookie()).be.empty();

      await signIn('ada');
      should((await visitor.post('/logout', {}, headers)).status).equal(403);
      should(await visitor.page()).containEql('Signed in as ada');
    });
  }

  it('takes its own forms, from older browsers too', async () => {
    for (const headers of [
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
      { origin: nodeRed.url },
    ]) {
      const response = await visitor.post('/login', { username: 'ada', password }, headers);
      should(response.status).equal(303);
    }
  });

  it('keeps nothing of a sign-in that did not start', async () => {
    for (const [username, secret] of [
      ['ada', 'wrong'],
      ['nobody', 'wrong'],
    ] as const) {
      const refused = await signIn(username, secret);
      should(refused.headers.getSetCookie()).be.empty();
      should(alertOf(await visitor.page(refused))).equal(refusal);
    }
    should(alertOf(await visitor.page(await signIn('ada', '')))).equal('Please fill in every field.');
    should(alertOf(await visitor.page(await signIn('unconfirmed')))).equal('This account is not confirmed yet.');
  });

  it('shows no text that stands in the address', async () => {
    for (const query of ['?error=%3Cb%3Eread%20me', '?error=toString', '?error[a]=read']) {
      const html = await nodeRed.text(`/login${query}`);
      should(alertOf(html)).equal(unavailable);
    }
  });

  it('keeps those who are signed in while others come in masses', async () => {
    await signIn('ada');
    for (let batch = 0; batch < 21; batch += 1) {
      const others = Array.from({ length: 50 }, () =>
        new Visitor(nodeRed.url).post('/login', { username: 'sam', password }),
      );
      await Promise.all(others);
    }
    should(await visitor.page()).containEql('Signed in as ada');
    await visitor.post('/login', { code: await codeForSam() });
    should(await visitor.page()).containEql('Signed in as sam');
  });

  it('stays signed out when the answer comes after that', async () => {
    const code = await codeForSam();
    slowly();
    const { answer } = await underWay(code);
    await visitor.post('/logout', {});
    const late = await answer;
    should(late.headers.getSetCookie()).be.empty();
    should(await visitor.page(late)).containEql('User name');
  });

  it('leads a second answer where the first one leads, and does not send it on', async () => {
    const code = await codeForSam();
    const before = answers();
    slowly();
    const { answer } = await underWay(code);
    const [first, second] = await Promise.all([answer, visitor.post('/login', { code })]);
    should(answers() - before).equal(1);
    const cookies = [first, second].map((response) => response.headers.getSetCookie()[0]?.split(';')[0]);
    should(cookies[0])
      .match(/^cognito_login=[0-9a-f]{64}$/)
      .and.equal(cookies[1]);
    should(alertOf(await visitor.page(second))).be.undefined();
    should(await visitor.page(second)).containEql('Signed in as sam');
  });

  it('shows the same page after a form that is out of date', async () => {
    const code = await codeForSam();
    await visitor.post('/login', { code });
    const again = await visitor.post('/login', { code });
    should(await visitor.page(again)).containEql('Signed in as sam');
    should(alertOf(await visitor.page(again))).be.undefined();
  });

  it('says that a sign-in has ended', async () => {
    should(alertOf(await visitor.page(await visitor.post('/login', { code: '123456' })))).match(/has ended/);
    await signIn('sam');
    cognito.clock.advance(4 * 60_000);
    should(alertOf(await visitor.page(await visitor.post('/login', { code: '123456' })))).match(/has ended/);
    cognito.clock.reset();
  });

  it('shows visitors Cognito’s own words about an answer, and no others', async () => {
    await signIn('sam');
    should(alertOf(await visitor.page(await visitor.post('/login', { code: '000000' })))).match(/^Invalid code/);
    cognito.faults.inject({ drop: true });
    should(alertOf(await visitor.page(await visitor.post('/login', { code: '000000' })))).equal(unavailable);
    should(alertOf(await visitor.page(await signIn('ada')))).equal(unavailable);
    cognito.faults.clear();
    await visitor.post('/login', { code: cognito.outbox.latest('sam')?.code ?? '' });
    should(await visitor.page()).containEql('Signed in as sam');
  });
});
