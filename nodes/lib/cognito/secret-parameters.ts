import { authFlows } from './auth-flows';
import { challenges, firstFactors } from './challenges';
import { inputs } from './inputs';

/** The fields of all flows and challenges. */
const fields = [authFlows, challenges, firstFactors]
  .flatMap((table) => Object.values(table))
  .flatMap((step) => step.fields);

function parametersOf(isWanted: (isSecret: boolean) => boolean): string[] {
  const wanted = fields.filter(({ input }) => isWanted(inputs[input].secret === true));
  return [...new Set(wanted.map(({ parameter }) => parameter))];
}

/** The request parameters that hold a secret or a proof of one, by Cognito's names: PASSWORD, SMS_MFA_CODE, … */
export const secretParameters: readonly string[] = ['SECRET_HASH', ...parametersOf((isSecret) => isSecret)];

/** Those that never do: USERNAME, DEVICE_KEY, … */
export const publicParameters: readonly string[] = parametersOf((isSecret) => !isSecret).filter(
  (parameter) => !secretParameters.includes(parameter),
);
