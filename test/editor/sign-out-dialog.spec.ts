import 'should';
import { Editor } from './editor';

const type = 'cognito-sign-out';
const secret = 'Never-Shown-Again-1';

/** A key of a catalogue where its text should be. */
const rawKey = /\b(label|tip|inputs|options|placeholder|validation|types|palette)\.\w+/;

const shown = (...inputs: string[]) => ['Name', 'User pool', 'End', ...inputs];

describe('in the editor, the node “sign out”', function () {
  this.bail(true); // each step goes on from the one before
  let editor: Editor;
  let id: string;

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

  const choose = (what: string) => editor.page.locator('#node-input-signOut').selectOption(what);

  /** Switches the API of the user pool, in the dialog that is open. */
  async function setApi(api: string): Promise<void> {
    await editor.openPool('edit');
    await editor.page.locator('#node-config-input-api').selectOption(api);
    await editor.donePool();
  }

  it('can be drawn into a flow, with an icon, a name and one port', async () => {
    id = await editor.add(type, 200, 100);
    (await editor.page.locator(`[id="${id}"]`).innerHTML()).should.containEql('sign out');
    await editor.page.locator(`[id="${id}"] .red-ui-flow-port-output`).count().should.be.fulfilledWith(1);
  });

  it('works with a user pool and its defaults', async () => {
    await editor.open(id);
    await editor.openPool('add');
    await editor.page.locator('#node-config-input-userPoolId').fill('eu-west-1_AbCdEfGhI');
    await editor.page.locator('#node-config-input-clientId').fill('1example23456789');
    await editor.donePool();
    await editor.done();
    (await editor.node(id)).should.have.properties({ signOut: 'everywhere', valid: true });
    await editor.screenshot('flow-sign-out');
  });

  it('asks server-side for an access token or a name, of which it can do without either', async () => {
    await editor.open(id);
    (await editor.labels()).should.eql(shown('Access token', 'Username'));
    (await editor.field('accessToken').inputValue()).should.equal('payload.AccessToken');
    (await editor.kinds('accessToken')).should.eql(['cred', 'msg', 'flow', 'global', 'jsonata', 'env']);
    await editor.page.locator('#cognito-tip-name:visible').waitFor();
    (await editor.page.locator('.cognito-dialog').innerText()).should.not.match(rawKey);
    await editor.screenshot(type);
    await editor.fill('accessToken', '');
    (await editor.isWrong('accessToken')).should.be.false();
    await editor.fill('accessToken', 'payload.AccessToken');
  });

  it('asks for the refresh token where that is to be revoked', async () => {
    await choose('refreshToken');
    (await editor.labels()).should.eql(shown('Refresh token'));
    await editor.page.locator('#cognito-tip-name').waitFor({ state: 'hidden' });
    await editor.screenshot(`${type}-refresh-token`);
    await editor.fill('refreshToken', '');
    (await editor.isWrong('refreshToken')).should.be.true();
    await editor.setKind('refreshToken', 'cred');
    await editor.fill('refreshToken', secret);
    (await editor.isWrong('refreshToken')).should.be.false();
    await editor.done();
    (await editor.node(id)).should.have.properties({
      signOut: 'refreshToken',
      refreshToken: '',
      refreshTokenType: 'cred',
      accessToken: 'payload.AccessToken',
      accessTokenType: 'msg',
      valid: true,
    });
    (await editor.exported(id)).should.not.containEql(secret);
  });

  it('opens again with what was saved', async () => {
    await editor.open(id);
    (await editor.page.locator('#node-input-signOut').inputValue()).should.equal('refreshToken');
    (await editor.labels()).should.eql(shown('Refresh token'));
    (await editor.field('refreshToken').inputValue()).should.equal(secret);
  });

  it('asks client-side for an access token, which it can’t do without', async () => {
    await setApi('client-side');
    (await editor.labels()).should.eql(shown('Refresh token'));
    await choose('everywhere');
    (await editor.labels()).should.eql(shown('Access token'));
    await editor.screenshot(`${type}-client-side`);
    await editor.fill('accessToken', '');
    (await editor.isWrong('accessToken')).should.be.true();
    await editor.done();
    (await editor.node(id)).should.have.properties({ signOut: 'everywhere', accessToken: '', valid: false });
  });

  it('has its help in full', async () => {
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
    needed.should.be.belowOrEqual(there);
  });

  it('does nothing wrong in the browser', () => {
    editor.problems.should.eql([]);
  });
});
