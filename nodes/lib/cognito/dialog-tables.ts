import { apis } from './apis';
import { authFlows, defaultAuthFlow, unknownFlow } from './auth-flows';
import { challenges, firstFactors, unknownChallenge } from './challenges';
import { deviceInputNames, inputs, requestInputs, type InputName } from './inputs';
import { mfaTypes } from './mfa-types';
import { regions } from './regions';
import { secretParameters } from './secret-parameters';
import { signOuts } from './sign-out';
import { inputsOf, provableInputs, type Step } from './steps';

/** What a step can't do without: of each group, one input. */
function requiredInputs(step: Step): InputName[][] {
  const required = step.fields
    .filter((field) => field.required && !inputs[field.input].carried)
    .map(({ input }): InputName[] => (step.totp && input === 'code' ? ['code', 'totpSecret'] : [input]));
  const proven = step.srp?.required
    ? provableInputs[step.srp.proves].filter((name: InputName) => !inputs[name].carried)
    : [];
  return [...required, ...proven.map((name): InputName[] => [name, 'srpA'])];
}

function eachStep<T>(table: Readonly<Record<string, Step>>, read: (step: Step) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(table).map(([name, step]) => [name, read(step)]));
}

function inputsThat(isOne: (input: (typeof inputs)[InputName]) => boolean): string[] {
  return Object.entries(inputs).flatMap(([name, input]) => (isOne(input) ? [name] : []));
}

/**
 * What the editor's dialogs need to know: which inputs a flow or a challenge takes, which flows an API takes, what can
 * be chosen, and what is a secret.
 */
export function dialogTables() {
  return {
    apis: Object.keys(apis),
    regions,
    defaultAuthFlow,
    authFlowApis: Object.fromEntries(Object.entries(authFlows).map(([name, flow]) => [name, flow.apis])),
    authFlowInputs: eachStep(authFlows, inputsOf),
    authFlowRequired: eachStep(authFlows, requiredInputs),
    challengeInputs: eachStep(challenges, inputsOf),
    challengeRequired: eachStep(challenges, requiredInputs),
    unknownAuthFlowInputs: inputsOf(unknownFlow),
    unknownChallengeInputs: inputsOf(unknownChallenge),
    preferredChallenges: Object.keys(firstFactors),
    challengeChoices: eachStep(challenges, ({ choices = [] }) => choices),
    mfaTypeInputs: Object.fromEntries(Object.entries(mfaTypes).map(([name, type]) => [name, type.inputs])),
    signOutInputs: signOuts,
    inputs: Object.keys(inputs),
    requestInputs,
    deviceInputs: deviceInputNames,
    inputApis: Object.fromEntries(Object.entries(inputs).flatMap(([name, { api }]) => (api ? [[name, api]] : []))),
    objectInputs: inputsThat(({ kind }) => kind === 'object'),
    secretInputs: inputsThat(({ secret }) => secret === true),
    secretParameters,
  };
}
