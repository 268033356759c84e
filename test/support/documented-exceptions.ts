import { readFileSync } from 'node:fs';
import path from 'node:path';

const sdk = path.dirname(require.resolve('@aws-sdk/client-cognito-identity-provider/package.json'));

/** The exceptions that the SDK's own types document for an operation. */
export function documentedExceptions(operation: string): string[] {
  const types = readFileSync(path.join(sdk, `dist-types/commands/${operation}Command.d.ts`), 'utf8');
  return [...types.matchAll(/@throws \{@link (\w+Exception)\} \((?:client|server) fault\)/g)].map(
    ([, name = '']) => name,
  );
}
