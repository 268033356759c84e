import type { NodeAPI } from 'node-red';

/** What an editor can ask about a user pool whose dialog is open. */
export const actions = ['test', 'pools', 'clients'] as const;

export type Action = (typeof actions)[number];

/** How many may be under way at once: each makes a dozen calls. */
const mostAtOnce = 8;

/**
 * The part of the admin API that the user pool's dialog uses: `POST cognito-user-pool/<id>/<action>` with what was typed.
 * Whoever may deploy may ask. Nothing that it needs is loaded before.
 */
export function registerAdminRoutes(RED: NodeAPI): void {
  let underWay = 0;
  for (const action of actions) {
    RED.httpAdmin.post(
      `/cognito-user-pool/:id/${action}`,
      RED.auth.needsPermission('flows.write'),
      (request, response) => {
        // Other types can be sent by any page that the same browser shows.
        if (!request.is('application/json')) {
          response.sendStatus(415);
          return;
        }
        if (underWay >= mostAtOnce) {
          response.sendStatus(429);
          return;
        }
        const gone = new AbortController();
        response.on('close', () => {
          gone.abort();
        });
        underWay += 1;
        void import('./admin-answers.js')
          .then(({ answerEditor }) => answerEditor(RED, action, String(request.params.id), request.body, gone.signal))
          .then(
            ({ status, body }) => response.status(status).json(body),
            () => response.sendStatus(500), // whose words could hold anything
          )
          .finally(() => {
            underWay -= 1;
          });
      },
    );
  }
}
