import { currentTotpCode, samplePools } from '@cognito-flows/local-cognito';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import should from 'should';
import { findChromium } from './chromium';
import { launchArguments, screenshots } from './editor';
import { freePort } from '../support/servers';
import { root } from '../support/real-node-red';

const outbox = 'http://127.0.0.1:9339/outbox.json';
const password = 'Practice-1234';

function totpSecretOf(username: string): string {
  const user = samplePools()[0]?.users.find((candidate) => candidate.username === username);
  if (user?.totpSecret === undefined) throw new Error(`${username} has no TOTP secret`);
  return user.totpSecret;
}

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
      demo.once('exit', () => { reject(new Error(log)); });
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
    const messages = (await (await fetch(outbox)).json()) as { messages: { username: string; code: string; sentAt: number }[] };
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
    should(await page.getByRole('alert').innerText()).equal('Incorrect username or password.');
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

  it('refuses a port in use with a clear message', async () => {
    const second = spawn(process.execPath, ['dist/demo/start.js', '--port', new URL(url).port], { cwd: root });
    let said = '';
    second.stderr.on('data', (data: Buffer) => { said += data.toString(); });
    const [code] = (await once(second, 'exit')) as [number];
    should(code).equal(1);
    should(said).match(/^Port \d+ is in use\. Choose another: npm start -- --port \d+\n$/);
  });

  it('ends at Ctrl-C and leaves nothing running', async () => {
    demo.kill('SIGINT');
    const [code] = (await ended) as [number];
    should(code).equal(0);
    await fetch(url).should.be.rejected();
    await fetch(outbox).should.be.rejected();
  });
});
