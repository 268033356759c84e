import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { findChromium } from './chromium';
import { linked, nodeRedVersion, RealNodeRed, root } from '../support/real-node-red';

export interface EditorNode {
  readonly id: string;
  readonly type: string;
  readonly valid: boolean;
  /** The flow that it is in. */
  readonly z?: string;
  readonly validationErrors?: string[];
  readonly [property: string]: unknown;
}

/** What the tests use of the editor's own global, in the browser. */
declare const RED: {
  nodes: {
    getType(type: string): unknown;
    node(id: string): EditorNode & { _def: { credentials?: object } };
    eachNode(each: (node: EditorNode) => void): void;
    eachWorkspace(each: (tab: { id: string; label: string }) => void): void;
    eachConfig(each: (node: EditorNode) => void): void;
    createExportableNodeSet(nodes: EditorNode[]): unknown[];
  };
  view: { select(selection: { nodes: EditorNode[] }): void; focus(): void };
  workspaces: { show(id: string): void };
  sidebar: { show(tab: string): void; help: { show(type: string): void } };
};

/** The themes of Node-RED's editor; there is more than one from 5.0 on. */
export const themes = nodeRedVersion.startsWith('4.') ? (['light'] as const) : (['light', 'dark'] as const);
export type Theme = 'light' | 'dark';

export const screenshots = process.env.SCREENSHOTS ?? path.join(root, '.build/screenshots');

export const launchArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Node-RED's editor in a real browser, used as a person uses it. */
export class Editor {
  /** What went wrong in the browser. */
  readonly problems: string[] = [];
  readonly #received: Promise<string>[] = [];

  private constructor(
    readonly page: Page,
    readonly nodeRed: RealNodeRed,
    private readonly context: BrowserContext,
    private readonly profile: string,
  ) {
    page.setDefaultTimeout(8000);
    page.setDefaultNavigationTimeout(30_000);
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (message) => {
      // The editor goes on after a dialog's code has failed, and only notes it.
      const isFailure = /^(oneditprepare|oneditsave|oneditcancel|Validation error|Definition error)/.test(
        message.text(),
      );
      if (message.type() === 'error' || isFailure) this.problems.push(message.text());
    });
    page.on('response', (response) => {
      // A page that is left has no body any more.
      this.#received.push(response.text().catch(() => ''));
    });
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => this.#received.push(Promise.resolve(payload.toString())));
    });
  }

  static async start(): Promise<Editor> {
    const executablePath = findChromium();
    if (executablePath === undefined) throw new Error('no Chromium on this machine');
    const nodeRed = await RealNodeRed.start(linked);
    const profile = mkdtempSync(path.join(tmpdir(), 'chromium-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      args: launchArguments,
      headless: true,
      viewport: { width: 1400, height: 1000 },
    });
    const editor = new Editor(await context.newPage(), nodeRed, context, profile);
    await editor.load();
    return editor;
  }

  async stop(): Promise<void> {
    await this.context.close();
    await this.nodeRed.stop();
    rmSync(this.profile, { recursive: true, force: true });
  }

  /** Opens the editor, or loads it again. */
  async load(): Promise<void> {
    await this.page.goto(this.nodeRed.url);
    await this.page.waitForFunction(() => Boolean(RED.nodes.getType('cognito-respond-to-challenge')));
    await this.page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
  }

  /** Everything that has come from the server so far. */
  async received(): Promise<string> {
    return (await Promise.all(this.#received)).join('\n');
  }

  /** Chooses a theme, as the user's settings do, and loads the editor anew. */
  async useTheme(theme: Theme): Promise<void> {
    await this.page.evaluate((chosen) => {
      localStorage.setItem('view-dark-theme', chosen);
    }, theme);
    await this.load();
  }

  palette(type: string): Locator {
    return this.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
  }

  /** Draws a node from the palette into the flow. */
  async add(type: string, x: number, y: number): Promise<string> {
    const before = await this.nodes(type);
    await this.palette(type).scrollIntoViewIfNeeded();
    await this.palette(type).hover();
    await this.page.mouse.down();
    const chart = await this.page.locator('#red-ui-workspace-chart').boundingBox();
    await this.page.mouse.move(chart!.x + x, chart!.y + y - 20, { steps: 5 });
    await this.page.mouse.move(chart!.x + x, chart!.y + y, { steps: 5 });
    await this.page.mouse.up();
    const added = (await this.nodes(type)).find(({ id }) => !before.some((node) => node.id === id));
    return added!.id;
  }

  /** A node as it is drawn. */
  drawn(id: string): Locator {
    return this.page.locator(`[id="${id}"]`);
  }

  /** Selects a node, and gives the keyboard to the flow. */
  async select(id: string): Promise<void> {
    await this.page.evaluate((wanted) => {
      RED.view.select({ nodes: [RED.nodes.node(wanted)] });
      RED.view.focus();
    }, id);
  }

  /** Draws a wire. */
  async wire(from: string, port: number, to: string): Promise<void> {
    await this.drawn(from).locator('.red-ui-flow-port-output .red-ui-flow-port').nth(port).hover();
    await this.page.mouse.down();
    const end = await this.drawn(to).locator('.red-ui-flow-port-input .red-ui-flow-port').boundingBox();
    await this.page.mouse.move(end!.x + end!.width / 2, end!.y + end!.height / 2, { steps: 8 });
    await this.page.mouse.up();
  }

  /** Presses the button of an inject node. */
  async inject(id: string): Promise<void> {
    await this.drawn(id).locator('.red-ui-flow-node-button-button').click();
  }

  /** Waits for the text below a node. @param timeout in ms */
  async untilStatus(id: string, status: string, timeout = 8000): Promise<void> {
    const label = this.drawn(id).locator('.red-ui-flow-node-status-label');
    await label.and(this.page.getByText(status, { exact: true })).waitFor({ timeout });
  }

  /** The debug sidebar's messages, without those that were there. */
  async freshDebug(): Promise<Locator> {
    await this.page.evaluate(() => {
      RED.sidebar.show('debug');
    });
    await this.page.locator('#red-ui-sidebar-debug-clear').click();
    return this.page.locator('.red-ui-debug-msg');
  }

  /** The triangle on a node that is not valid. */
  triangle(id: string): Locator {
    return this.drawn(id).locator('.red-ui-flow-node-error');
  }

  /** What the editor shows beside the pointer. */
  get tooltip(): Locator {
    return this.page.locator('.red-ui-flow-port-tooltip');
  }

  /** Imports an example of this package by the editor's own dialog. Each makes one flow. */
  async importExample(name: string): Promise<void> {
    const flows = this.page.locator('#red-ui-workspace-tabs > li');
    const before = await flows.count();
    await this.page.locator('#red-ui-workspace-chart').click({ position: { x: 5, y: 5 } });
    await this.page.keyboard.press('Control+i');
    const dialog = this.page.locator('.ui-dialog:visible');
    await dialog.getByRole('link', { name: 'Examples' }).click();
    const entry = (text: string): Locator => dialog.locator('.red-ui-treeList-label:visible', { hasText: text }).last();
    await entry('@cognito-flows/node-red-cognito-auth').click();
    // The list slides open, and a click in the midst of that can miss.
    const ready = dialog.locator('#red-ui-clipboard-dialog-ok:enabled');
    for (let tries = 0; tries < 5 && (await ready.count()) === 0; tries += 1) {
      await entry(name).click();
      await this.settled();
    }
    await ready.click();
    await flows.nth(before).waitFor({ state: 'attached' }); // it comes a moment after the dialog has gone
  }

  /** The nodes of a type, with what the editor would save of them. */
  async nodes(type: string): Promise<EditorNode[]> {
    return this.page.evaluate((wanted) => {
      const found: EditorNode[] = [];
      const keep = (node: EditorNode): void => {
        if (node.type === wanted) found.push(node);
      };
      RED.nodes.eachNode(keep);
      RED.nodes.eachConfig(keep);
      return found.map((node) => ({ id: node.id, type: node.type, valid: node.valid }));
    }, type);
  }

  /** Every node, with what is plain of its properties. */
  async allNodes(): Promise<EditorNode[]> {
    return this.page.evaluate(() => {
      const all: EditorNode[] = [];
      const keep = ({ id, type, valid, name, z = '', userPool }: EditorNode): void =>
        void all.push({ id, type, valid, name, z, userPool });
      RED.nodes.eachNode(keep);
      RED.nodes.eachConfig(keep);
      return all;
    });
  }

  /** The id of a flow. */
  async flow(label: string): Promise<string | undefined> {
    return this.page.evaluate((wanted) => {
      const ids: string[] = [];
      RED.nodes.eachWorkspace((tab) => {
        if (tab.label === wanted) ids.push(tab.id);
      });
      return ids[0];
    }, label);
  }

  /** Goes to a flow. */
  async show(flow: string | undefined): Promise<void> {
    await this.page.evaluate((id) => {
      RED.workspaces.show(id);
    }, flow ?? '');
  }

  /** A node's own properties. */
  async node(id: string): Promise<EditorNode> {
    return this.page.evaluate((wanted) => {
      const plain = Object.entries(RED.nodes.node(wanted)).filter(
        ([name, value]) => name !== 'credentials' && ['string', 'number', 'boolean'].includes(typeof value),
      );
      const { validationErrors } = RED.nodes.node(wanted);
      return { ...Object.fromEntries(plain), validationErrors } as EditorNode;
    }, id);
  }

  /** What Export puts on the clipboard. */
  async exported(id: string): Promise<string> {
    return this.page.evaluate(
      (wanted) => JSON.stringify(RED.nodes.createExportableNodeSet([RED.nodes.node(wanted)])),
      id,
    );
  }

  /** What Export puts on the clipboard for everything that there is. */
  async exportedAll(): Promise<string> {
    return this.page.evaluate(() => {
      const all: EditorNode[] = [];
      const keep = (node: EditorNode): void => void all.push(node);
      RED.nodes.eachNode(keep);
      RED.nodes.eachConfig(keep);
      return JSON.stringify(RED.nodes.createExportableNodeSet(all), null, 1);
    });
  }

  /** What the server hands out to every editor. */
  async flows(): Promise<string> {
    const response = await fetch(`${this.nodeRed.url}/flows`, { headers: { 'Node-RED-API-Version': 'v2' } });
    return response.text();
  }

  async deploy(): Promise<void> {
    const deployed = this.page.waitForResponse(
      (response) => response.url() === `${this.nodeRed.url}/flows` && response.request().method() === 'POST',
    );
    await this.page.locator('#red-ui-header-button-deploy').click();
    await deployed;
    await this.page.locator('#red-ui-header-button-deploy.disabled').waitFor();
  }

  async open(id: string): Promise<void> {
    await this.page.locator(`[id="${id}"]`).dblclick();
    await this.page.locator('#node-dialog-ok').waitFor();
    await this.page.locator('.red-ui-tray').last().locator('form').first().waitFor();
    await this.settled();
  }

  async done(): Promise<void> {
    await this.page.locator('#node-dialog-ok').click();
    await this.page.locator('.red-ui-tray').waitFor({ state: 'detached' });
  }

  async cancel(): Promise<void> {
    await this.page.locator('#node-dialog-cancel').click();
    await this.page.locator('.red-ui-tray').waitFor({ state: 'detached' });
  }

  /** Opens the dialog of the user pool that the node in the open dialog has, or of a new one. */
  async openPool(button: 'add' | 'edit'): Promise<void> {
    await this.page.locator(`#node-input-btn-userPool-${button}, #node-input-lookup-userPool`).first().click();
    await this.page.locator('#node-config-dialog-ok').waitFor();
    await this.settled();
  }

  async donePool(): Promise<void> {
    await this.page.locator('#node-config-dialog-ok').click();
    await this.page.locator('#node-config-dialog-ok').waitFor({ state: 'detached' });
    await this.settled();
  }

  async unfold(): Promise<void> {
    const details = this.page.locator('.cognito-dialog details').last();
    if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
  }

  /** The labels of the inputs that can be seen. */
  async labels(): Promise<string[]> {
    const labels = await this.page.locator('.cognito-dialog').last().locator('label:visible').allInnerTexts();
    return labels.map((label) => label.trim());
  }

  private box(input: string): Locator {
    return this.page.locator(`#cognito-input-${input} + .red-ui-typedInput-container`);
  }

  field(input: string): Locator {
    return this.page.locator(`#cognito-input-${input}-value`);
  }

  /** The kinds of values that an input can be switched to. */
  async kinds(input: string): Promise<string[]> {
    await this.box(input).locator('.red-ui-typedInput-type-select').click();
    const menu = this.page.locator('.red-ui-typedInput-options:visible');
    const kinds = await menu.locator('a').evaluateAll((items) => items.map((item) => item.getAttribute('value') ?? ''));
    await this.closeMenu();
    return kinds;
  }

  async setKind(input: string, kind: string): Promise<void> {
    await this.box(input).locator('.red-ui-typedInput-type-select').click();
    await this.page.locator(`.red-ui-typedInput-options:visible a[value="${kind}"]`).click();
  }

  async fill(input: string, value: string): Promise<void> {
    await this.field(input).fill(value);
    await this.field(input).dispatchEvent('keyup');
    await this.field(input).blur();
  }

  async choose(input: string, value: string): Promise<void> {
    await this.box(input).locator('.red-ui-typedInput-option-trigger').click();
    await this.page.locator(`.red-ui-typedInput-options:visible a[value="${value}"]`).click();
  }

  async options(input: string): Promise<string[]> {
    await this.box(input).locator('.red-ui-typedInput-option-trigger').click();
    const menu = this.page.locator('.red-ui-typedInput-options:visible');
    const options = await menu.locator('a').allInnerTexts();
    await this.closeMenu();
    return options;
  }

  async isWrong(input: string): Promise<boolean> {
    return ((await this.box(input).getAttribute('class')) ?? '').includes('input-error');
  }

  async help(type: string): Promise<Locator> {
    await this.page.evaluate((wanted) => {
      RED.sidebar.help.show(wanted);
    }, type);
    return this.page.locator('.red-ui-sidebar-help-content, .red-ui-help').last();
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: path.join(screenshots, `${name}.png`) });
  }

  private async closeMenu(): Promise<void> {
    await this.page.locator('.red-ui-tray-titlebar').last().click();
    await this.page.locator('.red-ui-typedInput-options:visible').waitFor({ state: 'hidden' });
  }

  /** Trays slide, and selects of config nodes report their change a moment later. */
  async settled(): Promise<void> {
    await this.page.waitForTimeout(400);
  }
}
