import { authFlows, defaultAuthFlow } from './auth-flows';
import { challenges } from './challenges';
import { inputs } from './inputs';
import { inputsOf } from './steps';

/** What the editor's dialogs need to know: which inputs a flow or a challenge takes, and which flows an API takes. */
export function dialogTables() {
  const stepInputs = (table: typeof challenges) =>
    Object.fromEntries(Object.entries(table).map(([name, step]) => [name, inputsOf(step)]));
  return {
    defaultAuthFlow,
    authFlowApis: Object.fromEntries(Object.entries(authFlows).map(([name, { apis }]) => [name, apis])),
    authFlowInputs: stepInputs(authFlows),
    challengeInputs: stepInputs(challenges),
    secretInputs: Object.entries(inputs).flatMap(([name, { secret }]) => (secret ? [name] : [])),
  };
}
