import { source as axe } from 'axe-core';
import should from 'should';
import { Editor, themes } from './editor';

/** What the tests use of axe, in the browser. */
declare const window: {
  axe: {
    run(where: object): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
  };
};

const pool = 'cognito-user-pool';
const types = [
  'cognito-initiate-auth',
  'cognito-respond-to-challenge',
  'cognito-mfa-setup',
  'cognito-passkey-setup',
  'cognito-token',
  'cognito-verify-token',
  'cognito-sign-out',
];

/** What Node-RED puts into every node's dialog, in the same way. */
const notOurs = ['.red-ui-typedInput-container button', 'a.red-ui-button'];

/** Where the keyboard writes. */
interface Stop {
  readonly element: string;
  readonly top: number;
}

describe('in the editor, every dialog', function () {
  this.bail(true); // each step goes on from the one before
  let editor: Editor;
  const drawn = new Map<string, string>();

  before(async () => {
    editor = await Editor.start();
    for (const [index, type] of types.entries()) drawn.set(type, await editor.add(type, 200, 60 + 70 * index));
  });

  after(async () => {
    await editor.stop();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await editor.screenshot('failed-accessibility');
  });

  const dialog = () => editor.page.locator('.cognito-dialog').last();

  async function open(type: string): Promise<void> {
    await editor.open(drawn.get(type) ?? '');
    for (const closed of await dialog().locator('details:not([open]) summary').all()) await closed.click();
  }

  async function violations(): Promise<string[]> {
    await editor.page.evaluate(axe);
    const found = await editor.page.evaluate(
      (exclude) => window.axe.run({ include: ['.red-ui-tray:last-child .cognito-dialog'], exclude }),
      notOurs,
    );
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary = '' }) => `${id}: ${html}\n${failureSummary}`),
    );
  }

  /** Has the focus go through the open dialog, from its first field on, as Tab does. */
  async function tabThrough(): Promise<Stop[]> {
    const stops: Stop[] = [];
    await dialog().locator('input:visible').first().focus();
    for (;;) {
      const stop = await editor.page.evaluate(() => {
        const at = document.activeElement;
        const last = [...document.querySelectorAll('.cognito-dialog')].at(-1);
        if (at === null || !last?.contains(at)) return undefined;
        return { element: at.id || at.className || at.tagName, top: at.getBoundingClientRect().top };
      });
      if (stop === undefined) return stops;
      // The dialog scrolls along, so heights are told from its top.
      const top = stop.top - ((await dialog().boundingBox())?.y ?? 0);
      stops.push({ element: stop.element, top });
      await editor.page.keyboard.press('Tab');
    }
  }

  it('takes a user pool, and warns of nothing then', async () => {
    for (const [index, type] of types.entries()) {
      await editor.open(drawn.get(type) ?? '');
      if (index === 0) {
        await editor.openPool('add');
        await editor.page.locator('#node-config-input-userPoolId').fill('eu-west-1_AbCdEfGhI');
        await editor.page.locator('#node-config-input-clientId').fill('1example23456789');
        await editor.donePool();
      } else {
        const [{ id } = { id: '' }] = await editor.nodes(pool);
        await editor.page.locator('#node-input-userPool').selectOption(id);
      }
      await dialog().getByLabel('User pool', { exact: true }).waitFor();
      if (type === 'cognito-token') {
        await editor.setKind('username', 'str');
        await editor.fill('username', 'gateway');
      }
      await editor.done();
    }
    await editor.deploy();
  });

  for (const type of types) {
    it(`${type}: is opened, gone through from top to bottom and closed by the keyboard`, async () => {
      const { keyboard } = editor.page;
      await editor.select(drawn.get(type) ?? '');
      await keyboard.press('Enter');
      await dialog().waitFor();
      await editor.settled();
      for (const closed of await dialog().locator('details:not([open]) summary').all()) await closed.press('Enter');

      const stops = await tabThrough();
      const heights = stops.map(({ top }) => Math.round(top / 20)); // fields of a row are not quite level
      should(heights).eql(heights.toSorted((a, b) => a - b));
      const fields = await dialog()
        .locator('input:visible, select:visible, textarea:visible')
        .evaluateAll((all) => all.filter((field) => !field.hasAttribute('disabled')).map(({ id }) => id));
      should(stops.map(({ element }) => element)).containDeep(fields);

      await keyboard.press('Control+Enter');
      await editor.page.locator('.red-ui-tray').waitFor({ state: 'detached' });
    });
  }

  for (const theme of themes) {
    describe(`in the ${theme} theme`, () => {
      before(() => editor.useTheme(theme));

      for (const type of types) {
        it(`${type} names each field, and can be read`, async () => {
          await open(type);
          await editor.screenshot(`dialog-${theme}-${type}`);
          should(await violations()).eql([]);
          await editor.cancel();
        });
      }

      it(`${pool} names each field, and can be read`, async () => {
        await editor.open(drawn.get('cognito-token') ?? '');
        await editor.openPool('edit');
        await editor.page.locator('#node-config-input-credentialsSource').selectOption('role');
        await editor.unfold();
        await editor.screenshot(`dialog-${theme}-${pool}`);
        should(await violations()).eql([]);
        await editor.page.locator('#node-config-dialog-cancel').click();
        await editor.page.locator('#node-config-dialog-cancel').waitFor({ state: 'detached' });
        await editor.cancel();
      });
    });
  }

  it('does nothing wrong in the browser', () => {
    should(editor.problems).eql([]);
  });
});
