import { DEFAULT_PORT, LocalCognito, practiceCredentials, samplePools } from '@cognito-flows/local-cognito';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import should from 'should';
import { root } from '../support/real-node-red';
import { Editor, type EditorNode } from './editor';

const examples = readdirSync(path.join(root, 'examples')).map((file) => path.basename(file, '.json'));
const pool = 'cognito-user-pool';

describe('in the editor, the examples', function () {
  this.bail(true); // each step goes on from the one before
  let cognito: LocalCognito;
  let editor: Editor;

  before(async () => {
    // Where the examples look for their pools.
    cognito = new LocalCognito();
    await cognito.listen(DEFAULT_PORT);
    editor = await Editor.start();
  });

  after(async () => {
    await editor.stop();
    await cognito.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await editor.screenshot('failed-examples');
  });

  const hasChanges = async (): Promise<boolean> =>
    (await editor.page.locator('#red-ui-header-button-deploy.disabled').count()) === 0;

  /** A node by its name and its flow's. */
  async function find(tab: string, name: string): Promise<EditorNode> {
    const id = await editor.flow(tab);
    const found = (await editor.allNodes()).find((node) => node.z === id && node.name === name);
    if (found === undefined) throw new Error(`no ${name} in ${tab}`);
    return found;
  }

  for (const example of examples) {
    it(`${example}: imported by the dialog, all of it valid`, async () => {
      const before = await editor.allNodes();
      await editor.importExample(example);
      const imported = (await editor.allNodes()).filter(({ id }) => !before.some((node) => node.id === id));
      should(imported.some(({ type }) => type === pool)).be.true();
      should(imported.filter(({ valid }) => !valid)).eql([]);
      await editor.screenshot(`example-${example}`);
    });
  }

  it('are deployed together, and sign in where they begin by themselves', async () => {
    await editor.deploy();
    for (const [tab, node, status] of [
      ['Gateway login', 'one-time code', 'signed in'],
      ['Token for an API', 'put a token on', 'with token'],
    ] as const) {
      const { id, z } = await find(tab, node);
      await editor.show(z);
      await editor.untilStatus(id, status, 60_000);
    }
  });

  it('stay as they are when each dialog is opened and closed with “Done”', async () => {
    const before = await editor.exportedAll();
    const nodes = (await editor.allNodes()).filter(({ type }) => type.startsWith('cognito-') && type !== pool);
    for (const { id, z } of nodes) {
      await editor.show(z);
      await editor.open(id);
      await editor.done();
      should(await hasChanges()).equal(false, id);
    }
    should(await editor.exportedAll()).equal(before);
  });

  it('have pools that get an encryption key when their dialogs are closed, and no other change', async () => {
    const before = await editor.exportedAll();
    const opened = new Set<unknown>();
    for (const { id, z, userPool } of await editor.allNodes()) {
      if (!userPool || opened.has(userPool)) continue;
      opened.add(userPool);
      await editor.show(z);
      await editor.open(id);
      await editor.openPool('edit');
      await editor.donePool();
      await editor.cancel();
    }
    should(opened.size).equal((await editor.nodes(pool)).length);
    should(await editor.exportedAll()).equal(before);
    await editor.deploy();
  });

  it('are exported without secrets', async () => {
    const exported = await editor.exportedAll();
    const secrets = samplePools().flatMap(({ clients }) => clients.flatMap(({ clientSecret }) => clientSecret ?? []));
    should(exported).containEql(pool);
    for (const secret of [...secrets, practiceCredentials.secretAccessKey]) should(exported).not.containEql(secret);
    should(exported).not.match(/"credentials"/);
  });

  it('do nothing wrong in the browser', () => {
    should(editor.problems).eql([]);
  });
});
