import { currentTotpCode, LocalCognito } from '@cognito-flows/local-cognito';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { correction, generate } from 'lean-qr';
import { URI } from 'otpauth';
import { chromium, type Browser, type BrowserContext, type CDPSession, type Page } from 'playwright-core';
import should from 'should';
import { linked, RealNodeRed, root } from '../support/real-node-red';
import { pngModules } from '../support/png-modules';
import { findChromium } from './chromium';
import { launchArguments, screenshots } from './editor';

const password = 'Practice-1234';

/** Cookies that are no session ids; of some, Node-RED makes objects. */
const madeUpCookies = ['j%3A%7B%22toString%22%3A1%7D', 'j%3A%5B1%5D', '__proto__', 'toString', '', 'a'.repeat(64)];

const foreign: Record<string, string>[] = [
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { origin: 'http://other.example' },
  { origin: 'null' },
];

describe('in a browser, the example', function () {
  this.timeout(60_000);

  let cognito: LocalCognito;
  let nodeRed: RealNodeRed;
  let flows: { id: string; type: string; [setting: string]: unknown }[];
  let site: string;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  before(async () => {
    cognito = new LocalCognito();
    const endpoint = await cognito.listen(0);
    nodeRed = await RealNodeRed.start(linked);
    site = nodeRed.url.replace('127.0.0.1', 'localhost');
    flows = ['passkey.json', 'totp-enrolment.json'].flatMap(
      (name) => JSON.parse(readFileSync(path.join(root, 'examples', name), 'utf8')) as typeof flows,
    );
    flows = flows.map((node) => (node.type === 'cognito-user-pool' ? { ...node, endpoint } : node));
    await nodeRed.deploy(flows);
    browser = await chromium.launch({ executablePath: findChromium()!, args: launchArguments });
  });
  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
    page.setDefaultTimeout(8000);
  });
  afterEach(async () => {
    await context.close();
    cognito.clock.reset();
    cognito.faults.clear();
  });
  after(async () => {
    await browser.close();
    await nodeRed.stop();
    await cognito.close();
  });

  const press = (button: string) => page.getByRole('button', { name: button, exact: true }).click();
  const shows = (heading: string) => page.getByRole('heading', { name: heading }).waitFor();
  const alert = () => page.getByRole('alert').filter({ hasText: /./ }).innerText();
  const shot = (name: string) => page.screenshot({ path: path.join(screenshots, `${name}.png`), fullPage: true });

  async function enter(username: string, secret: string): Promise<void> {
    await page.getByLabel('User name').fill(username);
    await page.getByLabel('Password').fill(secret);
  }

  /** A request that a browser did not make. */
  const post = (to: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(site + to, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' });

  /** What each page has to withstand. */
  function withstands(url: string, load: string, fields: Record<string, string>): void {
    for (const headers of foreign) {
      it(`refuses forms with ${JSON.stringify(headers)}`, async () => {
        const response = await post(url, fields, headers);
        should(response.status).equal(403);
        should(response.headers.getSetCookie()).be.empty();
      });
    }

    it('takes made-up cookies for none', async () => {
      for (const value of madeUpCookies) {
        const cookie = `cognito_${url.slice(1)}=${value}`;
        should(await (await fetch(site + url, { headers: { cookie } })).text()).containEql('User name');
        const response = await post(url, fields, { cookie });
        should(response.status).be.below(400);
        should(response.headers.getSetCookie()[0]).match(/=[0-9a-f]{64}; .*HttpOnly; SameSite=Lax/);
      }
    });

    it('answers 500 where a function of the flow fails', async () => {
      await nodeRed.deploy(
        flows.map((node) => (node.id === load ? { ...node, func: 'throw new Error("broken")' } : node)),
      );
      const response = await post(url, fields);
      should(response.status).equal(500);
      should(await response.text()).equal('Something went wrong. Try again later.');
      await nodeRed.deploy(flows);
    });

    it('answers whatever is sent', async () => {
      for (const step of ['', 'toString', 'register', 'passkey', 'code', 'first code', 'another app', 'sign out']) {
        const response = await post(url, { step });
        should(response.status).be.below(500);
      }
    });
  }

  describe('passkey.json', () => {
    let devTools: CDPSession;
    let authenticatorId: string;

    const ada = () => cognito.user('us-east-1_Practice1', 'ada');

    beforeEach(async () => {
      ada().passkeys = [];
      devTools = await context.newCDPSession(page);
      await devTools.send('WebAuthn.enable');
      ({ authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          protocol: 'ctap2',
          transport: 'internal',
          hasResidentKey: true,
          hasUserVerification: true,
          isUserVerified: true,
          automaticPresenceSimulation: true,
        },
      }));
    });

    async function signInByPassword(): Promise<void> {
      await page.goto(`${site}/passkey`);
      await enter('ada', password);
      await press('Sign in with the password');
      await shows('Signed in as ada');
    }

    async function register(): Promise<void> {
      await press('Register a passkey');
      await page.getByText('Your passkey is registered.').waitFor();
    }

    async function askForPasskey(): Promise<void> {
      await page.getByLabel('User name').fill('ada');
      await press('Sign in with a passkey');
    }

    async function registerAndSignOut(): Promise<void> {
      await signInByPassword();
      await register();
      await press('Sign out');
      await shows('Sign in');
    }

    it('registers a passkey, and signs in with it alone', async () => {
      await page.goto(`${site}/passkey`);
      await shot('passkey-start');
      await signInByPassword();
      await register();
      await shot('passkey-registered');
      should(ada().passkeys).have.length(1);

      await press('Sign out');
      await shows('Sign in');
      await askForPasskey();
      await shows('Signed in as ada');
      await page.getByText('With the passkey alone').waitFor();
      await page.reload();
      await shows('Signed in as ada');
      await press('Sign out');
      await shows('Sign in');
    });

    it('does so in browsers that leave the bytes to the page', async () => {
      await page.addInitScript(() => {
        const { PublicKeyCredential } = window as unknown as Record<string, { prototype: object }>;
        for (const name of ['parseCreationOptionsFromJSON', 'parseRequestOptionsFromJSON']) {
          Reflect.deleteProperty(PublicKeyCredential!, name);
        }
        Reflect.deleteProperty(PublicKeyCredential!.prototype, 'toJSON');
      });
      await registerAndSignOut();
      await askForPasskey();
      await page.getByText('With the passkey alone').waitFor();
    });

    it('gives the page no token, and its cookie to no script', async () => {
      await signInByPassword();
      should(await page.content()).not.match(/eyJ/);
      should(await page.evaluate(() => document.cookie + JSON.stringify(localStorage))).equal('{}');
      const [first] = await context.cookies();
      should(first).match({ name: 'cognito_passkey', httpOnly: true, sameSite: 'Lax', value: /^[0-9a-f]{64}$/ });
      await register();
      await press('Sign out');
      await shows('Sign in');
      await askForPasskey();
      await shows('Signed in as ada');
      should((await context.cookies())[0]?.value).not.equal(first?.value);
    });

    it('says that there is no passkey yet, and that a password is wrong', async () => {
      await page.goto(`${site}/passkey`);
      await askForPasskey();
      should(await alert()).match(/has no passkey here yet/);
      await enter('ada', 'wrong');
      await press('Sign in with the password');
      await page.getByText('Incorrect user name or password').waitFor();
      await shot('passkey-refused');
      await enter('ada', password);
      await page.locator('#password').press('Enter'); // not the passkey's button, though it is the first
      await shows('Signed in as ada');
    });

    it('says that the browser has no passkey that fits', async () => {
      await registerAndSignOut();
      await devTools.send('WebAuthn.clearCredentials', { authenticatorId });
      await askForPasskey();
      should(await alert()).match(/^The browser found no passkey that fits/);
      should(await page.getByRole('heading').innerText()).equal('Sign in');
    });

    it('says that a passkey was refused', async () => {
      await registerAndSignOut();
      // Another key under the same id: what it signs proves nothing.
      const { credentials } = await devTools.send('WebAuthn.getCredentials', { authenticatorId });
      const own = ada().passkeys[0]!;
      await signInByPassword();
      await devTools.send('WebAuthn.clearCredentials', { authenticatorId });
      await register();
      const other = ada().passkeys.find(({ id }) => id !== own.id)!;
      ada().passkeys = [{ ...other, id: own.id }];
      await devTools.send('WebAuthn.clearCredentials', { authenticatorId });
      await devTools.send('WebAuthn.addCredential', { authenticatorId, credential: credentials[0]! });
      await press('Sign out');
      await shows('Sign in');

      await askForPasskey();
      should(await alert()).equal('That was refused, or took too long. Try again.');
      should(await page.getByRole('heading').innerText()).equal('Sign in');
    });

    it('says that this device has a passkey already', async () => {
      await signInByPassword();
      await register();
      await press('Register a passkey');
      should(await alert()).equal('This device has a passkey for this account already.');
    });

    it('takes a double click for one', async () => {
      await registerAndSignOut();
      await page.getByLabel('User name').fill('ada');
      await page.getByRole('button', { name: 'Sign in with a passkey' }).dblclick();
      await shows('Signed in as ada');
    });

    it('asks to sign in again when that was forgotten', async () => {
      await signInByPassword();
      await context.clearCookies();
      await press('Register a passkey');
      should(await alert()).match(/sign in again/);
    });

    it('leads from 127.0.0.1, where browsers make no passkeys, to localhost', async () => {
      await page.goto(`${site.replace('localhost', '127.0.0.1')}/passkey/`);
      should(await page.getByLabel('User name').count()).equal(0);
      await page.getByRole('link').click();
      await page.getByLabel('User name').waitFor();
      should(page.url()).startWith(`${site}/passkey`);
      await enter('ada', password);
      await press('Sign in with the password');
      await shows('Signed in as ada');
      await register();
    });

    it('does not tell why Cognito can’t be reached', async () => {
      await page.goto(`${site}/passkey`);
      cognito.faults.inject({ drop: true });
      await enter('ada', password);
      await press('Sign in with the password');
      should(await alert()).equal('That is not possible right now. Try again later.');
    });

    withstands('/passkey', 'passkey-load', { step: 'password', username: 'ada', password });
  });

  describe('totp-enrolment.json', () => {
    const nora = () => cognito.user('us-east-1_Practice2', 'nora');

    beforeEach(() => {
      nora().totpSecret = undefined;
      nora().mfa = { enabled: [] };
    });

    async function signIn(): Promise<void> {
      await page.goto(`${site}/enrol`);
      await enter('nora', password);
      await press('Sign in');
    }

    async function enterCode(code: string): Promise<void> {
      await page.getByLabel('Code from your authenticator app').fill(code);
      await press('Continue');
    }

    const secret = () => page.locator('#secret').innerText();
    const codeOf = (key: string) => currentTotpCode(key, cognito.clock.now());
    const wrongCodeOf = (key: string) => (codeOf(key) === '000000' ? '111111' : '000000');

    async function enrol(): Promise<string> {
      await signIn();
      const key = await secret();
      await enterCode(codeOf(key));
      await shows('Signed in as nora');
      return key;
    }

    it('shows one secret as a QR code, as text and as a link', async () => {
      await signIn();
      const key = await secret();
      const address = (await page.getByRole('link').getAttribute('href')) ?? '';
      should(URI.parse(address)).match({ issuer: 'Practice', label: 'nora', secret: { base32: key } });

      const picture = page.getByRole('img', { name: /^QR code/ });
      const { width, height } = (await picture.boundingBox())!;
      should(width).equal(height).and.be.aboveOrEqual(250);
      const modules = pngModules((await picture.getAttribute('src')) ?? '', 6);
      const code = generate(address, { minCorrectionLevel: correction.M });
      should(modules.slice(4, -4).map((row) => row.slice(4, -4))).deepEqual(
        Array.from({ length: code.size }, (_row, y) =>
          Array.from({ length: code.size }, (_module, x) => code.get(x, y)),
        ),
      );
      await shot('enrolment');
    });

    it('takes a wrong code and then the right one, and asks for codes from then on', async () => {
      await signIn();
      const key = await secret();
      await enterCode(wrongCodeOf(key));
      should(await alert()).equal('That code is wrong.');
      should(await secret()).equal(key);
      await enterCode(codeOf(key));
      await shows('Signed in as nora');
      should(nora().totpSecret).equal(key);
      await shot('enrolled');

      await press('Sign out');
      await signIn();
      should(await page.getByRole('img').count()).equal(0);
      await enterCode(codeOf(key));
      should(await alert()).match(/used already/);
      cognito.clock.advance(30_000);
      await enterCode(codeOf(key));
      await shows('Signed in as nora');
    });

    it('sets up another app for a user who is signed in', async () => {
      const first = await enrol();
      await press('Set up another app');
      const key = await secret();
      should(key).not.equal(first);
      await enterCode(wrongCodeOf(key));
      should(await alert()).equal('That code is wrong.');
      await enterCode(codeOf(key));
      should(await page.getByRole('status').innerText()).match(/new app/);
      should(nora().totpSecret).equal(key);

      await press('Sign out');
      await signIn();
      cognito.clock.advance(30_000);
      await enterCode(codeOf(key));
      await shows('Signed in as nora');
    });

    it('takes a double click for one', async () => {
      await signIn();
      await page.getByLabel('Code from your authenticator app').fill(codeOf(await secret()));
      await page.getByRole('button', { name: 'Continue' }).dblclick();
      await shows('Signed in as nora');
    });

    it('repeats nothing when the page is loaded again', async () => {
      await signIn();
      const key = await secret();
      await page.reload();
      should(await secret()).equal(key);
      await enterCode(codeOf(key));
      await shows('Signed in as nora');
      await page.reload();
      await shows('Signed in as nora');
    });

    it('begins again when asked to, or when it took too long', async () => {
      await signIn();
      const key = await secret();
      await press('Start again');
      await signIn();
      should(await secret()).not.equal(key);
      cognito.clock.advance(4 * 60_000);
      await enterCode(codeOf(await secret()));
      should(await alert()).match(/sign in again/);
      await page.getByLabel('User name').waitFor();
    });

    it('says that a password is wrong', async () => {
      await page.goto(`${site}/enrol/`);
      await enter('nora', 'wrong');
      await press('Sign in');
      should(await alert()).equal('Incorrect user name or password, or the account is locked.');
      await enter('nora', password);
      await press('Sign in');
      await page.locator('#secret').waitFor();
    });

    it('stays signed out when the answer comes after that', async () => {
      await signIn();
      const code = codeOf(await secret());
      const [own] = await context.cookies();
      const cookie = `${own?.name ?? ''}=${own?.value ?? ''}`;
      cognito.faults.inject({ operation: 'VerifySoftwareToken', delay: 700, times: 1 });
      const verifications = () =>
        cognito.requests.filter(({ operation }) => operation === 'VerifySoftwareToken').length;
      const before = verifications();
      const answer = post('/enrol', { step: 'first code', code }, { cookie });
      while (verifications() === before) await sleep(10);
      await post('/enrol', { step: 'sign out' }, { cookie });
      should((await answer).headers.getSetCookie()).be.empty();
      await page.reload();
      await page.getByLabel('User name').waitFor();
    });

    withstands('/enrol', 'totp-enrolment-load', { step: 'sign in', username: 'nora', password });
  });
});
