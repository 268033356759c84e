import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { held } from './held';

/** What became of a message, where it is seen: at a port's or a Catch node's end, or by Node-RED as a node is done with it. */
export interface Observed {
  readonly by: string;
  readonly id: string | undefined;
  readonly code?: string | undefined;
}

/** What the lines begin with that tell of it. */
export const mark = 'OBSERVED ';

interface ObservedMessage extends NodeMessage {
  readonly error?: { readonly code?: string };
}

/** What Node-RED's hook onComplete hands on; its own types leave it open. */
interface CompleteEvent {
  readonly msg: NodeMessage;
  readonly node: { readonly id: string; readonly node: Node };
  readonly error?: { readonly code?: string };
}

function tell(observed: Observed): void {
  console.log(mark + JSON.stringify(observed));
}

/** Runs in a Node-RED of its own: hands messages to nodes, tells what becomes of them, and what keeps the process busy. */
export function observe(RED: NodeAPI): void {
  function Observer(this: Node, config: NodeDef): void {
    RED.nodes.createNode(this, config);
    this.on('input', ({ _msgid, error }: ObservedMessage, _send, done) => {
      tell({ by: this.id, id: _msgid, code: error?.code });
      done();
    });
  }
  RED.nodes.registerType('observer', Observer);
  RED.hooks.add('onComplete.observer', ({ msg, node, error }: CompleteEvent) => {
    if (node.node.type.startsWith('cognito-')) tell({ by: `done of ${node.id}`, id: msg._msgid, code: error?.code });
  });
  RED.httpAdmin.post('/observer/:node', (request, response) => {
    RED.nodes.getNode(request.params.node).receive(request.body as NodeMessage);
    response.sendStatus(204);
  });
  RED.httpAdmin.get('/observer', (_request, response) => {
    response.json(Object.fromEntries(held({ 'RED.events': RED.events })));
  });
}
