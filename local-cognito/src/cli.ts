#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { PoolConfig, PoolsFile, UserConfig } from './config';
import { assertPoolsFile } from './config-check';
import { DEFAULT_PORT, LocalCognito, type LocalCognitoOptions } from './local-cognito';
import { practiceCredentials, samplePools } from './sample-pools';
import { sampleTriggers } from './sample-triggers';

const usage = `local-cognito: Amazon Cognito user pools on this computer, for practice and tests

  --port N      port on 127.0.0.1, default ${DEFAULT_PORT}; 0 for any free one
  --pools FILE  JSON file with the pools; sample pools run unless given
  --help        this text
`;

/** A mistake of the person who typed the command; shown without a stack. */
class UsageError extends Error {}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: { port: { type: 'string' }, pools: { type: 'string' }, help: { type: 'boolean' } },
    });
    return values;
  } catch (error) {
    throw new UsageError(`${messageOf(error)}\n\n${usage}`);
  }
}

function readPort(text: string | undefined): number {
  const port = text === undefined ? DEFAULT_PORT : Number(text);
  if (text === '' || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError(`--port must be a whole number from 0 to 65535, not ${text ?? ''}`);
  }
  return port;
}

function readPools(name: string | undefined): PoolsFile & LocalCognitoOptions {
  if (name === undefined) return { pools: samplePools(), triggers: sampleTriggers() };
  // npm runs scripts in the package's folder, and tells the one where it was called.
  const file = resolve(process.env.INIT_CWD ?? '', name);
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    assertPoolsFile(content);
    return content;
  } catch (error) {
    throw new UsageError(`${file}: ${messageOf(error)}`);
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    console.log(usage);
    return;
  }
  const file = readPools(options.pools);
  const port = readPort(options.port);
  const local = new LocalCognito(file);
  try {
    await local.listen(port);
  } catch (error) {
    throw isPortInUse(error) ? new UsageError(`Port ${port} is in use. Choose another with --port N.`) : error;
  }
  console.log(report(local.endpoint, file));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void local.close());
}

function report(endpoint: string, { pools, iamUsers = [practiceCredentials] }: PoolsFile): string {
  return [
    `Endpoint     ${endpoint}`,
    `Outbox       ${endpoint}/outbox (codes sent by SMS and e-mail, codes of authenticator apps)`,
    ...iamUsers.map(({ accessKeyId, secretAccessKey }) => `IAM key      ${accessKeyId} ${secretAccessKey}`),
    ...pools.flatMap(describePool),
    '',
    'Everything here is for practice: use none of these secrets elsewhere. Ctrl-C ends.',
  ].join('\n');
}

function describePool({ id, clients, users }: PoolConfig): string[] {
  return [
    '',
    `User pool    ${id}`,
    ...clients.map(
      ({ clientId, clientSecret }) =>
        `  client     ${clientId}${clientSecret ? `, secret ${clientSecret}` : ', no secret'}`,
    ),
    ...users.map((user) => `  user       ${describeUser(user)}`),
  ];
}

function describeUser({ username, password, temporaryPassword, status, enabled, totpSecret, mfa }: UserConfig): string {
  return [
    username,
    describePassword(password, temporaryPassword),
    ...(status === undefined ? [] : [status]),
    ...(enabled === false ? ['disabled'] : []),
    ...(mfa?.enabled ?? []),
    ...(totpSecret === undefined ? [] : [`TOTP secret ${totpSecret}`]),
  ].join(', ');
}

function describePassword(password: string | undefined, temporaryPassword: string | undefined): string {
  if (password !== undefined) return `password ${password}`;
  return temporaryPassword === undefined ? 'no password' : `temporary password ${temporaryPassword}`;
}

function isPortInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

main().catch((error: unknown) => {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = 1;
});
