import 'should';
import { Editor } from './editor';

const mfa = 'cognito-mfa-setup';
const passkey = 'cognito-passkey-setup';
const pool = 'cognito-user-pool';

const secret = 'Never-Shown-Again-1';

/** A key of a catalogue where its text should be. */
const rawKey = /\b(label|tip|inputs|options|placeholder|validation|types|palette)\.\w+/;

const shown = (...inputs: string[]) => ['Name', 'User pool', ...inputs, 'Preferred'];

describe('in the editor, the set-up nodes', function () {
  this.bail(true); // each step goes on from the one before
  let editor: Editor;
  let mfaId: string;
  let passkeyId: string;

  before(async () => {
    editor = await Editor.start();
  });

  after(async () => {
    await editor.stop();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await editor.screenshot(`failed-${this.currentTest.title.replace(/\W+/g, '-')}`);
  });

  it('can be drawn into a flow, with icons and names of their own', async () => {
    mfaId = await editor.add(mfa, 200, 100);
    passkeyId = await editor.add(passkey, 200, 200);
    (await editor.page.locator(`[id="${mfaId}"]`).innerHTML()).should.containEql('mfa setup');
    (await editor.page.locator(`[id="${passkeyId}"]`).innerHTML()).should.containEql('passkey setup');
    await editor.page.locator(`[id="${mfaId}"] .red-ui-flow-port-output`).count().should.be.fulfilledWith(3);
    await editor.page.locator(`[id="${passkeyId}"] .red-ui-flow-port-output`).count().should.be.fulfilledWith(2);
    await editor.screenshot('flow-set-up');
  });

  it('work with a user pool and their defaults', async () => {
    await editor.open(mfaId);
    await editor.openPool('add');
    const { page } = editor;
    await page.locator('#node-config-input-userPoolId').fill('eu-west-1_AbCdEfGhI');
    await page.locator('#node-config-input-clientId').fill('1example23456789');
    await editor.donePool();
    await editor.done();
    const [{ id } = { id: '' }] = await editor.nodes(pool);
    (await editor.node(mfaId)).should.have.properties({ userPool: id, preferred: true, valid: true });
    await editor.open(passkeyId);
    await page.locator('#node-input-userPool').selectOption({ label: 'eu-west-1_AbCdEfGhI (server-side)' });
    await editor.done();
    (await editor.node(passkeyId)).should.have.properties({ userPool: id, valid: true });
  });

  it('mfa setup asks for what the chosen kind needs', async () => {
    await editor.open(mfaId);
    (await editor.labels()).should.eql(
      shown('Choice', 'Code', 'E-mail address', 'Access token', 'Issuer', 'Account name'),
    );
    await editor.screenshot(mfa);
    await editor.setKind('choice', 'choice');
    (await editor.options('choice')).should.containDeep(['SOFTWARE_TOKEN_MFA', 'SMS_MFA', 'EMAIL_OTP']);
    await editor.choose('choice', 'SMS_MFA');
    (await editor.labels()).should.eql(shown('Choice', 'Access token'));
    await editor.page.locator('#cognito-tip-sms:visible').waitFor();
    await editor.choose('choice', 'EMAIL_OTP');
    (await editor.labels()).should.eql(shown('Choice', 'E-mail address', 'Access token'));
    await editor.choose('choice', 'SOFTWARE_TOKEN_MFA');
    (await editor.labels()).should.eql(shown('Choice', 'Code', 'Access token', 'Issuer', 'Account name'));
    await editor.fill('issuer', 'Acme');
    await editor.page.locator('#node-input-preferred').uncheck();
    await editor.unfold();
    const labels = await editor.labels();
    labels.should.containDeep(['Device name', 'Extra parameters', 'Client metadata']);
    for (const carried of ['Session', 'Device key']) labels.should.not.containEql(carried);
    for (const label of labels) {
      const found = await editor.page.locator('.cognito-dialog').getByLabel(label, { exact: true }).count();
      found.should.be.above(0, label);
    }
    await editor.screenshot(`${mfa}-totp`);
    (await editor.page.locator('.cognito-dialog').innerText()).should.not.match(rawKey);
    await editor.done();
    (await editor.node(mfaId)).should.have.properties({
      choice: 'SOFTWARE_TOKEN_MFA',
      choiceType: 'choice',
      issuer: 'Acme',
      issuerType: 'str',
      preferred: false,
      valid: true,
    });
  });

  it('passkey setup asks for the access token, and keeps it as a secret', async () => {
    await editor.open(passkeyId);
    (await editor.labels()).should.eql(['Name', 'User pool', 'Access token', 'Passkey']);
    (await editor.field('accessToken').inputValue()).should.equal('payload.AccessToken');
    (await editor.kinds('accessToken')).should.eql(['cred', 'msg', 'flow', 'global', 'jsonata', 'env']);
    (await editor.page.locator('.cognito-dialog').innerText()).should.not.match(rawKey);
    await editor.screenshot(passkey);
    await editor.fill('accessToken', '');
    (await editor.isWrong('accessToken')).should.be.true();
    await editor.setKind('accessToken', 'cred');
    await editor.fill('accessToken', secret);
    (await editor.isWrong('accessToken')).should.be.false();
    await editor.done();
    (await editor.node(passkeyId)).should.have.properties({ accessToken: '', accessTokenType: 'cred', valid: true });
    (await editor.exported(passkeyId)).should.not.containEql(secret);
  });

  it('help in full', async () => {
    for (const type of [mfa, passkey]) {
      const help = await editor.help(type);
      await help.getByText('References').waitFor();
      const text = await help.innerText();
      text.should.match(/Details/);
      text.should.not.match(rawKey);
      await editor.screenshot(`${type}-help`);
      // The sidebar cuts off what is wider than itself, and scrolls to it only when asked.
      const { needed, there } = await help.evaluate(({ scrollWidth, clientWidth }) => ({
        needed: scrollWidth,
        there: clientWidth,
      }));
      needed.should.be.belowOrEqual(there, `width of the help of ${type}`);
    }
  });

  it('do nothing wrong in the browser', () => {
    editor.problems.should.eql([]);
  });
});
