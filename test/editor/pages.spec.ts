import { currentTotpCode, LocalCognito } from '@cognito-flows/local-cognito';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { source as axe, type AxeResults } from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import should from 'should';
import { linked, RealNodeRed, root } from '../support/real-node-red';
import { findChromium } from './chromium';
import { launchArguments, screenshots } from './editor';

const password = 'Practice-1234';

/** The narrowest phone that is reckoned with, in CSS pixels. */
const phone = { width: 320, height: 640 };

/** What a page shows at one step. */
interface Step {
  readonly heading: string;
  /** What has the keyboard. */
  readonly focus?: string;
  /** What went wrong; the field with the keyboard names it. */
  readonly problem?: RegExp;
  /** Whether what was filled in is wrong. */
  readonly wrong?: boolean;
}

describe('for everybody, the page', function () {
  this.timeout(60_000);

  let cognito: LocalCognito;
  let nodeRed: RealNodeRed;
  let site: string;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  before(async () => {
    cognito = new LocalCognito();
    const endpoint = await cognito.listen(0);
    nodeRed = await RealNodeRed.start(linked);
    site = nodeRed.url.replace('127.0.0.1', 'localhost');
    const names = ['web-login', 'email-code', 'choose-method', 'custom-question', 'totp-enrolment', 'passkey'];
    const flows = names.flatMap(
      (name) => JSON.parse(readFileSync(path.join(root, `examples/${name}.json`), 'utf8')) as { type: string }[],
    );
    await nodeRed.deploy(
      flows.map((node) => (node.type === 'cognito-user-pool' ? { ...node, endpoint } : node)),
    );
    browser = await chromium.launch({ executablePath: findChromium()!, args: launchArguments });
  });
  beforeEach(async () => {
    // The pages let no foreign script in; axe is one.
    context = await browser.newContext({ bypassCSP: true, viewport: phone });
    page = await context.newPage();
    page.setDefaultTimeout(8000);
  });
  afterEach(async () => {
    await context.close();
    cognito.faults.clear();
  });
  after(async () => {
    await browser.close();
    await nodeRed.stop();
    await cognito.close();
  });

  const open = (at: string) => page.goto(site + at);
  const press = (button: string) => page.getByRole('button', { name: button, exact: true }).click();
  const code = (username: string) => cognito.outbox.latest(username)?.code ?? '';
  const focused = () => page.locator(':focus');

  async function fill(fields: Record<string, string>): Promise<void> {
    for (const [label, value] of Object.entries(fields)) await page.getByLabel(label).fill(value);
  }

  /** What axe finds wrong, or can't tell, in the colours of the day or of the night. */
  async function findings(colorScheme: 'light' | 'dark'): Promise<string[]> {
    await page.emulateMedia({ colorScheme });
    const { violations, incomplete } = await page.evaluate<AxeResults>('axe.run()');
    return [...violations, ...incomplete].flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  }

  /** Holds a step against everything that is expected of each. */
  async function isFor(everybody: Step): Promise<void> {
    const { heading, focus, problem, wrong = false } = everybody;
    await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
    const alert = page.getByRole('alert').filter({ hasText: /./ });
    if (problem) await alert.waitFor();
    should(await page.title()).equal(`${problem ? 'Error: ' : ''}${heading}`);
    should(await page.locator('h1').count()).equal(1);
    should(await page.locator('html').getAttribute('lang')).equal('en');

    if (focus) should(await focused().getAttribute('name')).equal(focus);
    if (problem) {
      should(await alert.innerText()).match(problem);
      const described = (await focused().getAttribute('aria-describedby')) ?? '';
      should(described.split(' ')).containEql(await alert.getAttribute('id'));
      should(await focused().getAttribute('aria-invalid')).equal(wrong ? 'true' : null);
    }

    await page.evaluate(axe);
    for (const colours of ['light', 'dark'] as const) should(await findings(colours)).be.empty();
    should(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).be.true('fits the phone');
  }

  it('/login', async () => {
    await open('/login');
    await isFor({ heading: 'Sign in', focus: 'username' });
    await fill({ 'User name': 'ada', Password: 'wrong' });
    await press('Sign in');
    await isFor({ heading: 'Sign in', focus: 'username', problem: /^Incorrect/, wrong: true });

    await fill({ 'User name': 'grace', Password: 'Temporary-1234' });
    await press('Sign in');
    await isFor({ heading: 'Choose a new password', focus: 'newPassword' });
    await fill({ 'New password': 'short', name: 'Grace' });
    await press('Continue');
    await isFor({ heading: 'Choose a new password', focus: 'newPassword', problem: /policy/, wrong: true });
    should(await page.getByLabel('name', { exact: true }).getAttribute('autocomplete')).equal('name');
    await press('Start again');

    await fill({ 'User name': 'lin', Password: password });
    await press('Sign in');
    await isFor({ heading: 'Choose a second factor', focus: 'choice' });
    await page.getByLabel('text message').check();
    await press('Continue');
    await isFor({ heading: 'Enter the code', focus: 'code' });
    await page.getByLabel(/^Code from/).fill('0');
    await press('Continue');
    await isFor({ heading: 'Enter the code', focus: 'code', problem: /^Invalid code/, wrong: true });
    await page.getByLabel(/^Code from/).fill(code('lin'));
    await press('Continue');
    await isFor({ heading: 'Signed in as lin' });
    await page.screenshot({ path: path.join(screenshots, 'web-login-phone.png'), fullPage: true });
  });

  it('/login, which blames no field where nothing is wrong with it', async () => {
    cognito.faults.inject({ drop: true });
    await open('/login');
    await fill({ 'User name': 'ada', Password: password });
    await press('Sign in');
    await isFor({ heading: 'Sign in', focus: 'username', problem: /not possible right now/ });
  });

  it('/email-code', async () => {
    await open('/email-code');
    await isFor({ heading: 'Sign in with a code by e-mail', focus: 'username' });
    await fill({ 'User name': 'olga' });
    await press('Continue');
    await isFor({ heading: 'Enter the code', focus: 'code' });
    await fill({ Code: '0' });
    await press('Sign in');
    await isFor({ heading: 'Enter the code', focus: 'code', problem: /wrong/, wrong: true });
    await fill({ Code: code('olga') });
    await press('Sign in');
    await isFor({ heading: 'Signed in as olga' });
    await press('Sign out');
    await fill({ 'User name': 'sam' });
    await press('Continue');
    await isFor({ heading: 'Not by e-mail' });
  });

  it('/choose', async () => {
    await open('/choose');
    await isFor({ heading: 'Sign in as you like', focus: 'username' });
    await fill({ 'User name': 'lin' });
    await press('Continue');
    await isFor({ heading: 'How do you want to sign in?', focus: 'password' });
    await fill({ Password: 'wrong' });
    await press('Sign in');
    await isFor({ heading: 'Sign in as you like', focus: 'username', problem: /^Incorrect/, wrong: true });
    await fill({ 'User name': 'lin' });
    await press('Continue');
    await fill({ Password: password });
    await press('Sign in');
    await isFor({ heading: 'Where should the code come from?' });
    await press('Code by text message');
    await isFor({ heading: 'Enter the code', focus: 'code' });
    await fill({ Code: code('lin') });
    await press('Sign in');
    await isFor({ heading: 'Signed in as lin' });
  });

  it('/question', async () => {
    await open('/question');
    await isFor({ heading: 'Sign in by answering questions', focus: 'username' });
    await fill({ 'User name': 'disabled' });
    await press('Continue');
    await isFor({ heading: 'Sign in by answering questions', focus: 'username', problem: /refused/, wrong: true });
    await fill({ 'User name': 'ada' });
    await press('Continue');
    for (const round of [1, 2]) {
      await page.locator(`input[name=step][value="${round}"]`).waitFor({ state: 'attached' });
      await isFor({ heading: 'A question for you', focus: 'answer' });
      const [, a, b] = /(\d+) \+ (\d+)/.exec(await page.locator('label').innerText()) ?? [];
      await fill({ 'What is': String(Number(a) + Number(b)) });
      await press('Answer');
    }
    await isFor({ heading: 'Signed in as ada' });
  });

  it('/enrol', async () => {
    await open('/enrol');
    await isFor({ heading: 'Sign in', focus: 'username' });
    await fill({ 'User name': 'nora', Password: 'wrong' });
    await press('Sign in');
    await isFor({ heading: 'Sign in', focus: 'username', problem: /^Incorrect/, wrong: true });
    await fill({ 'User name': 'nora', Password: password });
    await press('Sign in');
    await isFor({ heading: 'Set up an authenticator app' });
    should(await focused().count()).equal(0); // the picture comes before the field
    await fill({ Code: '1' });
    await press('Continue');
    await isFor({ heading: 'Set up an authenticator app', focus: 'code', problem: /check what/, wrong: true });
    await fill({ Code: currentTotpCode(await page.locator('#secret').innerText(), cognito.clock.now()) });
    await press('Continue');
    await isFor({ heading: 'Signed in as nora' });
    await press('Sign out');
    await fill({ 'User name': 'nora', Password: password });
    await press('Sign in');
    await isFor({ heading: 'Enter the code', focus: 'code' });
  });

  it('/passkey', async () => {
    await open('/passkey');
    await isFor({ heading: 'Sign in', focus: 'username' });
    await fill({ 'User name': 'ada', Password: 'wrong' });
    await press('Sign in with the password');
    await isFor({ heading: 'Sign in', focus: 'username', problem: /^Incorrect/ });
    await fill({ Password: password });
    await press('Sign in with the password');
    await isFor({ heading: 'Signed in as ada' });
    await page.goto(`${nodeRed.url}/passkey`);
    await isFor({ heading: 'Sign in' });
  });

  it('/passkey, which says that it needs JavaScript, and shows no form that can’t work', async () => {
    const without = await browser.newContext({ javaScriptEnabled: false });
    const plain = await without.newPage();
    await plain.goto(`${site}/passkey`);
    should(await plain.locator('main').innerText()).containEql('Passkeys need JavaScript.');
    should(await plain.getByRole('button').count()).equal(0);
    await without.close();
  });

  it('/login, which needs no JavaScript', async () => {
    const without = await browser.newContext({ javaScriptEnabled: false });
    const plain = await without.newPage();
    await plain.goto(`${site}/login`);
    await plain.getByLabel('User name').fill('ada');
    await plain.getByLabel('Password').fill(password);
    await plain.getByRole('button', { name: 'Sign in' }).click();
    await plain.getByRole('heading', { name: 'Signed in as ada' }).waitFor();
    await without.close();
  });
});
