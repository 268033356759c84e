import { apis } from './apis';
import { authFlows, defaultAuthFlow } from './auth-flows';
import { challenges, firstFactors } from './challenges';
import { inputs, type InputName } from './inputs';
import { secretParameters } from './secret-parameters';
import { inputsOf, type Step } from './steps';

/** What an answer takes from the open challenge where nobody gives it: see `respondToChallenge`. */
const knownFromChallenge: readonly InputName[] = ['deviceKey', 'passwordClaimSecretBlock'];

/** What a step can't do without: of each group, one input. */
function requiredInputs(step: Step): InputName[][] {
  const required = step.fields
    .filter((field) => field.required && !knownFromChallenge.includes(field.input))
    .map(({ input }): InputName[] => (step.totp && input === 'code' ? ['code', 'totpSecret'] : [input]));
  return step.srp?.required ? [...required, ['password', 'srpA']] : required;
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
  const firstFactorNames = [...Object.keys(firstFactors), 'EMAIL_OTP', 'SMS_OTP'];
  return {
    apis: Object.keys(apis),
    defaultAuthFlow,
    authFlowApis: Object.fromEntries(Object.entries(authFlows).map(([name, flow]) => [name, flow.apis])),
    authFlowInputs: eachStep(authFlows, inputsOf),
    authFlowRequired: eachStep(authFlows, requiredInputs),
    challengeInputs: eachStep(challenges, inputsOf),
    challengeRequired: eachStep(challenges, requiredInputs),
    preferredChallenges: firstFactorNames,
    challengeChoices: {
      SELECT_MFA_TYPE: ['SOFTWARE_TOKEN_MFA', 'SMS_MFA', 'EMAIL_OTP'],
      SELECT_CHALLENGE: firstFactorNames,
    },
    inputs: Object.keys(inputs),
    objectInputs: inputsThat(({ kind }) => kind === 'object'),
    secretInputs: inputsThat(({ secret }) => secret === true),
    secretParameters,
  };
}
