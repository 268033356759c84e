import { refuse } from '../exceptions';
import { flowNames } from '../flows/names';
import { flows, isEnabled, refuseFlow } from '../flows/table';
import type { AuthResponse } from '../proceed';
import type { Service } from '../service';
import type { Api } from '../sign-in';
import type { Input } from './input';
import { adminContext, authFlow, clientContext, clientId, session, userPoolId } from './members';
import type { Operation } from './operation';

const shape = {
  AuthFlow: authFlow,
  AuthParameters: { type: 'map' },
  ClientId: clientId,
  Session: session,
} as const;

export const initiateAuth: Operation = {
  signed: false,
  shape: { ...shape, ...clientContext },
  run: (service, input) => start(service, 'client', input),
};

export const adminInitiateAuth: Operation = {
  signed: true,
  shape: { UserPoolId: userPoolId, ...shape, ...adminContext },
  run: (service, input) => start(service, 'admin', input),
};

/** The flow is judged before its parameters, and these before the user, so that a refused flow tells nothing about users. */
function start(service: Service, api: Api, input: Input): AuthResponse | Promise<AuthResponse> {
  const id = input.text('ClientId');
  const pool = api === 'admin' ? service.pools.get(input.text('UserPoolId')) : service.pools.ofClient(id);
  const client = pool.client(id);
  const name = flowNames.find((flowName) => flowName === input.text('AuthFlow'));
  if (!name || !flows[name].apis.includes(api)) throw refuse('flowOfOtherApi');
  const flow = flows[name];
  if (!flow.start || !isEnabled(flow, client)) throw refuseFlow(name);
  const parameters = input.parameters('AuthParameters');
  for (const needed of flow.needs) parameters.need(needed);
  return flow.start(service, { api, pool, client, parameters, session: input.optionalText('Session') });
}
