import { deviceOf } from './devices';
import { CognitoAuthError } from './errors';
import { ownValue } from './guards';
import { textEntriesOf, textOf } from './input-text';
import { inputs, type InputValues } from './inputs';
import type { SrpEphemeral, SrpIdentity } from './srp';
import { inSrpThread } from './srp-thread';
import { provableInputs, type Field, type Provable, type Step } from './steps';

/** What has its SRP_A on its way, to be proven when Cognito asks. */
export interface PendingProof {
  readonly proves: Provable;
  readonly ephemeral: SrpEphemeral;
  /** Who proves what. For a user's password, Cognito's challenge tells the rest. */
  readonly identity: Pick<SrpIdentity, 'password'> & Partial<SrpIdentity>;
}

/** A request's parameters, and what is needed to go on by itself. */
export interface FilledStep {
  readonly parameters: Record<string, string>;
  readonly proof?: PendingProof;
}

/** Who proves what, from the inputs; undefined when they don't say all of it. */
const identities: Record<Provable, (values: InputValues) => PendingProof['identity'] | undefined> = {
  password: (values) => {
    const password = textOf(values, 'password');
    return password === undefined ? undefined : { password };
  },
  device: (values) => {
    const device = deviceOf(values);
    return device && { realm: device.DeviceGroupKey, userId: device.DeviceKey, password: device.DevicePassword };
  },
};

function fillField(
  { input, parameter, required }: Field,
  values: InputValues,
  extra: Record<string, string>,
  parameters: Record<string, string>,
): void {
  if (inputs[input].kind === 'object') {
    for (const [key, value] of Object.entries(textEntriesOf(values, input))) parameters[`${parameter}.${key}`] = value;
    return;
  }
  const text = textOf(values, input);
  if (text !== undefined) parameters[parameter] = text;
  else if (required && !(parameter in extra)) throw new CognitoAuthError('InputMissing', { field: input });
}

/** SRP_A, if it is due: as it was made elsewhere, or made here from what it is to prove. */
async function fillSrp(
  { proves, required, announcedBy }: NonNullable<Step['srp']>,
  values: InputValues,
  extra: Record<string, string>,
  signal: AbortSignal,
): Promise<FilledStep> {
  const relayed = extra.SRP_A ?? textOf(values, 'srpA');
  if (relayed !== undefined) return { parameters: { ...announcedBy, SRP_A: relayed } };
  const identity = identities[proves](values);
  if (identity) {
    const ephemeral = await inSrpThread('createEphemeral', [], signal);
    return { parameters: { ...announcedBy, SRP_A: ephemeral.srpA }, proof: { proves, ephemeral, identity } };
  }
  const missing = provableInputs[proves].find((name) => textOf(values, name) === undefined);
  if (required && missing) throw new CognitoAuthError('InputMissing', { field: missing });
  return { parameters: {} };
}

/**
 * Makes a request's parameters from what was given; extra parameters come last, and can stand in for any input.
 * @throws CognitoAuthError InputMissing or InputInvalid, naming the input
 */
export async function fillStep(step: Step, values: InputValues, signal: AbortSignal): Promise<FilledStep> {
  const extra = textEntriesOf(values, 'extraParameters');
  const parameters: Record<string, string> = {};
  for (const field of step.fields) fillField(field, values, extra, parameters);
  const { choice, table = {} } = step.methods ?? {};
  const method = choice && ownValue(table, textOf(values, choice) ?? '');
  const further = method
    ? await fillStep(method, values, signal)
    : step.srp && (await fillSrp(step.srp, values, extra, signal));
  return { ...further, parameters: { ...parameters, ...further?.parameters, ...extra } };
}
