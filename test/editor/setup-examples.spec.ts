import { currentTotpCode, LocalCognito } from '@cognito-flows/local-cognito';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import should from 'should';
import { linked, RealNodeRed, root } from '../support/real-node-red';
import { findChromium } from './chromium';
import { launchArguments, screenshots } from './editor';

const password = 'Practice-1234';

describe('in a browser, the example', function () {
  let cognito: LocalCognito;
  let nodeRed: RealNodeRed;
  let browser: Browser;
  let page: Page;

  before(async () => {
    cognito = new LocalCognito();
    const endpoint = await cognito.listen(0);
    nodeRed = await RealNodeRed.start(linked);
    const flows = ['mfa-setup.json', 'passkey-setup.json'].flatMap(
      (name) => JSON.parse(readFileSync(path.join(root, 'examples', name), 'utf8')) as { type: string }[],
    );
    await nodeRed.deploy(flows.map((node) => (node.type === 'cognito-user-pool' ? { ...node, endpoint } : node)));
    browser = await chromium.launch({ executablePath: findChromium()!, args: launchArguments });
  });
  beforeEach(async () => {
    page = await browser.newPage();
    page.setDefaultTimeout(8000);
  });
  afterEach(async () => {
    await page.close();
  });
  after(async () => {
    await browser.close();
    await nodeRed.stop();
    await cognito.close();
  });

  async function signIn(to: string, username: string): Promise<void> {
    const { port } = new URL(nodeRed.url);
    await page.goto(`http://localhost:${port}${to}`);
    await page.getByLabel('User name').fill(username);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  it('mfa-setup.json shows a QR code that can be scanned, and takes the code', async () => {
    await signIn('/mfa-setup', 'nora');
    const picture = page.getByRole('img', { name: 'QR code' });
    await picture.waitFor();
    const { width, height } = (await picture.boundingBox())!;
    should(width).equal(height).and.be.aboveOrEqual(250);
    await page.screenshot({ path: path.join(screenshots, 'mfa-setup-page.png') });
    const secret = await page.locator('main > p code').innerText();
    await page.getByLabel('Code of the authenticator app').fill(currentTotpCode(secret));
    await page.getByRole('button', { name: 'Continue' }).click();
    should(await page.getByRole('status').innerText()).equal('Signed in as nora');
    should(cognito.user('us-east-1_Practice2', 'nora').totpSecret).equal(secret);
  });

  it('passkey-setup.json registers what the browser’s authenticator makes', async () => {
    const devTools = await page.context().newCDPSession(page);
    await devTools.send('WebAuthn.enable');
    await devTools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await signIn('/passkey', 'ada');
    await page.getByRole('button', { name: 'Make a passkey' }).click();
    const outcome = page.getByRole('status');
    await outcome.waitFor();
    const [passkey] = cognito.user('us-east-1_Practice1', 'ada').passkeys;
    should(await outcome.innerText()).equal(`Registered the passkey ${passkey?.id ?? ''}`);
    await page.screenshot({ path: path.join(screenshots, 'passkey-setup-page.png') });
  });
});
