import type { ClientConfig } from '../config';
import { type CognitoException, refuse } from '../exceptions';
import { startWithChoice } from './choice';
import { startCustomAuth } from './custom';
import type { Flow } from './flow';
import type { FlowName } from './names';
import { startWithPassword } from './password';
import { startWithRefreshToken } from './refresh';
import { startWithSrp } from './srp';

const both = ['client', 'admin'] as const;

const adminPassword: Flow = {
  apis: ['admin'],
  setting: 'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  off: 'flowOff',
  needs: ['USERNAME', 'PASSWORD'],
  start: startWithPassword,
};

const refresh: Flow = {
  apis: both,
  setting: 'ALLOW_REFRESH_TOKEN_AUTH',
  off: 'flowOff',
  needs: ['REFRESH_TOKEN'],
  start: startWithRefreshToken,
};

/** Every flow of the SDK's AuthFlowType. */
export const flows: Readonly<Record<FlowName, Flow>> = {
  ADMIN_NO_SRP_AUTH: adminPassword,
  ADMIN_USER_PASSWORD_AUTH: adminPassword,
  REFRESH_TOKEN: refresh,
  REFRESH_TOKEN_AUTH: refresh,
  USER_PASSWORD_AUTH: {
    apis: ['client'],
    setting: 'ALLOW_USER_PASSWORD_AUTH',
    off: 'userPasswordAuthOff',
    needs: ['USERNAME', 'PASSWORD'],
    start: startWithPassword,
  },
  USER_SRP_AUTH: {
    apis: both,
    setting: 'ALLOW_USER_SRP_AUTH',
    off: 'namedFlowOff',
    needs: ['USERNAME', 'SRP_A'],
    start: startWithSrp,
  },
  CUSTOM_AUTH: {
    apis: both,
    setting: 'ALLOW_CUSTOM_AUTH',
    off: 'namedFlowOff',
    needs: ['USERNAME'],
    start: startCustomAuth,
  },
  USER_AUTH: {
    apis: both,
    setting: 'ALLOW_USER_AUTH',
    off: 'namedFlowOff',
    needs: ['USERNAME'],
    start: startWithChoice,
  },
};

/** The refusal of a flow that the client has not enabled. */
export function refuseFlow(name: FlowName): CognitoException {
  return refuse(flows[name].off, { flow: name });
}

/**
 * Is the flow enabled for the client? The names without ALLOW_ are older: with them SRP, custom and refresh need no
 * name of their own, and CUSTOM_AUTH_FLOW_ONLY turns SRP off (API reference, ExplicitAuthFlows).
 */
export function isEnabled({ setting }: Flow, client: ClientConfig): boolean {
  const settings: readonly string[] = client.explicitAuthFlows ?? [];
  if (settings.some((name) => name.startsWith('ALLOW_'))) return settings.includes(setting);
  switch (setting) {
    case 'ALLOW_REFRESH_TOKEN_AUTH':
    case 'ALLOW_CUSTOM_AUTH':
      return true;
    case 'ALLOW_USER_SRP_AUTH':
      return !settings.includes('CUSTOM_AUTH_FLOW_ONLY');
    case 'ALLOW_ADMIN_USER_PASSWORD_AUTH':
      return settings.includes('ADMIN_NO_SRP_AUTH');
    case 'ALLOW_USER_PASSWORD_AUTH':
      return settings.includes('USER_PASSWORD_AUTH');
    default:
      return false;
  }
}
