import 'should';
import { Editor } from './editor';

const initiate = 'cognito-initiate-auth';
const pool = 'cognito-user-pool';

describe('in the editor, a device that is remembered', function () {
  this.bail(true); // each step goes on from the one before
  let editor: Editor;
  let id: string;

  const checkbox = () => editor.page.locator('#node-input-keepDevice');

  before(async () => {
    editor = await Editor.start();
  });

  after(async () => {
    editor.problems.should.be.empty();
    await editor.stop();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await editor.screenshot('failed-devices');
  });

  it('is not offered on the server-side API, and the dialog says why', async () => {
    id = await editor.add(initiate, 200, 100);
    await editor.open(id);
    await editor.openPool('add');
    const { page } = editor;
    await page.locator('#node-config-input-userPoolId').fill('eu-west-1_AbCdEfGhI');
    await page.locator('#node-config-input-clientId').fill('1example23456789');
    await editor.donePool();
    await editor.unfold();
    (await checkbox().isVisible()).should.be.false();
    (await editor.labels()).should.not.containEql('Device password');
    (await page.locator('#cognito-tip-devices').innerText()).should.match(/server-side API does not support/);
  });

  it('is offered on the client-side API', async () => {
    const { page } = editor;
    await editor.openPool('edit');
    await page.locator('#node-config-input-api').selectOption('client-side');
    await editor.donePool();
    await checkbox().waitFor();
    (await editor.labels()).should.containEql('Device password');
    await editor.screenshot('initiate-auth-devices');
  });

  it('needs an account of the node’s own, and is then read from no message', async () => {
    await checkbox().check();
    (await editor.labels()).should.not.containEql('Device password');
    await editor.done();
    const refused = await editor.node(id);
    refused.valid.should.be.false();
    JSON.stringify(refused.validationErrors).should.match(/account of this node/);

    await editor.open(id);
    await editor.setKind('username', 'str');
    await editor.fill('username', 'station');
    await editor.setKind('password', 'cred');
    await editor.fill('password', 'Practice-1234');
    await editor.screenshot('initiate-auth-keeps-device');
    await editor.done();
    (await editor.node(id)).should.have.properties({ valid: true, keepDevice: true });
  });

  it('has its encryption key made by the user pool’s dialog, and kept with the credentials', async () => {
    await editor.deploy();
    const [{ id: poolNode } = { id: '' }] = await editor.nodes(pool);
    const credentials = await fetch(`${editor.nodeRed.url}/credentials/${pool}/${poolNode}`);
    ((await credentials.json()) as object).should.have.property('has_encryptionKey', true);
    (await editor.flows()).should.not.match(/encryptionKey/);
  });

  it('may be kept in any of Node-RED’s context stores', async () => {
    await editor.open(id);
    await editor.openPool('edit');
    await editor.unfold();
    const options = editor.page.locator('#node-config-input-contextStore option');
    (await options.allInnerTexts()).should.eql(['Node-RED\'s default', 'memory']);
    await editor.page.locator('#node-config-input-encryptionKey').scrollIntoViewIfNeeded();
    await editor.screenshot('user-pool-context-store');
    await editor.donePool();
    await editor.done();
  });
});
