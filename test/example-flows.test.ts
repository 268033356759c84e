import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import should from 'should';
import { root } from './support/real-node-red';

/** A node as an exported flow has it; only what is looked at here. */
interface ExampleNode {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly label?: string;
  /** Of a tab, a comment or a node: what the sidebar says about it. */
  readonly info?: string;
  readonly g?: string;
  readonly nodes?: readonly string[];
  readonly x?: number;
  readonly y?: number;
  readonly wires?: readonly (readonly string[])[];
  readonly scope?: readonly string[] | null;
  readonly tosidebar?: boolean;
  readonly repeat?: string;
  readonly credentials?: Readonly<Record<string, string>>;
  readonly template?: string;
}

const folder = path.join(root, 'examples');
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
const read = (file: string) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as ExampleNode[];

/** What the local user pool comes with: these may stand in an example, and nothing else that is secret. */
const practiceCredentials = [
  'Practice-1234',
  'PRACTICEGATEWAYTOTPSECRET234567A',
  'PRACTICESTATIONTOTPSECRET234567A',
  'practice-client-secret',
  'LOCALCOGNITOPRACTICE',
  'practice-only-never-for-aws',
  'practice-only-make-a-key-of-your-own',
];

/** Their label is what they listen to. */
const labelledByThemselves = ['http in', 'mqtt in', 'mqtt out'];

/** Times between two messages that nobody has asked for, in s. */
const calm = 60;

const styleOf = (template: string) => /<style>\n[^]*?<\/style>/.exec(template)?.[0];

for (const file of files) {
  describe(`the flow of ${file}`, () => {
    const nodes = read(file);
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const groups = nodes.filter(({ type }) => type === 'group');
    const onTheTab = nodes.filter(({ type, x }) => x !== undefined && type !== 'group');
    const ofType = (type: string) => nodes.filter((node) => node.type === type);

    it('says on its tab what it shows, how to try it and what is to be seen', () => {
      const [tab, ...others] = ofType('tab');
      should(others).be.empty();
      should(tab?.info).match(/^\S.*\.\n\n\*\*Try it:\*\* .*\n\n\*\*You see:\*\* /);
    });

    it('has every node in a group that has a name, and a comment that explains', () => {
      for (const { name } of groups) should(name).be.ok();
      for (const { id, g } of onTheTab) {
        should(groups.filter((group) => group.nodes?.includes(id)).map((group) => group.id)).deepEqual([g], id);
      }
      should(ofType('comment').filter(({ info }) => info)).not.be.empty();
    });

    it('names every node', () => {
      const unnamed = onTheTab.filter(({ name, type }) => !name && !labelledByThemselves.includes(type));
      should(unnamed.map(({ id }) => id)).be.empty();
    });

    it('has every port wired, or says at the node why it is not', () => {
      for (const { id, wires = [], info = '' } of onTheTab) {
        wires.forEach((port, index) => {
          for (const target of port) should(byId.has(target)).be.true(`${id} leads to ${target}`);
          if (port.length === 0) should(info).match(new RegExp(`\\bPort ${index + 1}\\b`), id);
        });
      }
    });

    it('lets no failure of a Cognito node go unheard', () => {
      const catches = ofType('catch');
      for (const { wires } of catches) should(wires?.flat()).not.be.empty();
      const heard = (id: string) => catches.some(({ scope }) => !scope || scope.includes(id));
      const cognito = onTheTab.filter(({ type }) => type.startsWith('cognito-'));
      should(cognito).not.be.empty();
      should(cognito.map(({ id }) => id).filter((id) => !heard(id))).be.empty();
    });

    it('fills no sidebar by itself', () => {
      for (const { id, repeat } of ofType('inject')) {
        if (repeat) should(Number(repeat)).be.aboveOrEqual(calm, id);
      }
    });

    it('stands on the editor’s grid', () => {
      for (const { id, type, x = 0, y = 0 } of onTheTab) {
        should([(x - (type.startsWith('link') ? 15 : 0)) % 10, y % 20]).deepEqual([0, 0], id);
      }
    });

    it('holds practice credentials and no others', () => {
      for (const { credentials = {} } of nodes) {
        should(Object.values(credentials).filter((secret) => !practiceCredentials.includes(secret))).be.empty();
      }
    });
  });
}

it('all example pages look the same', () => {
  const styles = files.flatMap(read).flatMap(({ template = '' }) => styleOf(template) ?? []);
  should(styles).have.length(6);
  should(new Set(styles).size).equal(1);
});
