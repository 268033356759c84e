import 'should';
import { Editor } from './editor';

const verify = 'cognito-verify-token';

/** A key of a catalogue where its text should be. */
const rawKey = /\b(label|tip|inputs|options|placeholder|validation|types|palette)\.\w+/;

describe('in the editor, the node verify token', function () {
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

  const field = (name: string) => editor.page.locator(`#node-input-${name}`);
  const isWrong = async (name: string): Promise<boolean> => {
    await field(name).blur();
    return ((await field(name).getAttribute('class')) ?? '').includes('input-error');
  };

  it('can be drawn into a flow, with an icon, a name and two ports', async () => {
    id = await editor.add(verify, 200, 100);
    (await editor.page.locator(`[id="${id}"]`).innerHTML()).should.containEql('verify token');
    await editor.page.locator(`[id="${id}"] .red-ui-flow-port-output`).count().should.be.fulfilledWith(2);
  });

  it('works with a user pool and its defaults', async () => {
    await editor.open(id);
    await editor.openPool('add');
    await editor.page.locator('#node-config-input-userPoolId').fill('eu-west-1_AbCdEfGhI');
    await editor.page.locator('#node-config-input-clientId').fill('1example23456789');
    await editor.donePool();
    (await editor.labels()).should.eql([
      'Name',
      'User pool',
      'Token',
      'Accepts',
      'Groups',
      'Scopes',
      'Revocation',
      'ask Cognito whether the token was revoked',
    ]);
    (await editor.kinds('token')).should.eql(['msg', 'flow', 'global', 'jsonata']);
    await editor.screenshot(verify);
    await editor.done();
    (await editor.node(id)).should.have.properties({
      token: 'req.headers.authorization',
      tokenType: 'msg',
      tokenUse: 'access',
      groups: '',
      askCognito: false,
      valid: true,
    });
  });

  it('keeps what is set', async () => {
    await editor.open(id);
    await editor.setKind('token', 'jsonata');
    await editor.fill('token', '$string(payload.token)');
    await field('groups').fill('admins, engineers');
    await field('scopes').fill('hello/read');
    await field('askCognito').check();
    await editor.unfold();
    await field('clientIds').fill('another1, another2');
    await field('issuer').fill('https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI');
    await field('clockTolerance').fill('5');
    await editor.screenshot(`${verify}-advanced`);
    (await editor.page.locator('.cognito-dialog').innerText()).should.not.match(rawKey);
    await editor.done();
    const set = {
      token: '$string(payload.token)',
      tokenType: 'jsonata',
      tokenUse: 'access',
      groups: 'admins, engineers',
      scopes: 'hello/read',
      askCognito: true,
      clientIds: 'another1, another2',
      issuer: 'https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI',
      clockTolerance: '5',
    };
    (await editor.node(id)).should.have.properties({ ...set, valid: true });
    await editor.deploy();
    await editor.load();
    await editor.open(id);
    (await editor.field('token').inputValue()).should.equal(set.token);
    for (const name of ['tokenUse', 'groups', 'scopes', 'clientIds', 'issuer', 'clockTolerance'] as const) {
      (await field(name).inputValue()).should.equal(set[name]);
    }
    (await field('askCognito').isChecked()).should.be.true();
    await editor.done();
    (await editor.node(id)).should.have.properties({ ...set, valid: true });
  });

  it('says what can’t work', async () => {
    await editor.open(id);
    await editor.unfold();
    const wrong = { groups: ',', clientIds: 'a b!', issuer: 'http://cognito.example', clockTolerance: '-1' };
    for (const [name, value] of Object.entries(wrong)) {
      const before = await field(name).inputValue();
      await field(name).fill(value);
      (await isWrong(name)).should.be.true(name);
      await field(name).fill(before);
      (await isWrong(name)).should.be.false(name);
    }
    await editor.fill('token', '');
    (await editor.isWrong('token')).should.be.true();
    await editor.cancel();
    await editor.open(id);
    await field('tokenUse').selectOption('id');
    await editor.done();
    (await editor.node(id)).should.have.properties({ valid: false, tokenUse: 'id' });
    await editor.open(id);
    await field('askCognito').uncheck();
    (await editor.labels()).should.not.containEql('Revocation');
    await editor.done();
    (await editor.node(id)).valid.should.be.true();
  });

  it('has its help in full', async () => {
    const help = await editor.help(verify);
    await help.getByText('References').waitFor();
    (await help.innerText()).should.not.match(rawKey);
    await editor.screenshot(`${verify}-help`);
    // The sidebar cuts off what is wider than itself, and scrolls to it only when asked.
    const [needed, there] = await help.evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth] as const);
    needed.should.be.belowOrEqual(there);
  });

  it('does nothing wrong in the browser', () => {
    editor.problems.should.eql([]);
  });
});
