import { userPoolId } from './members';
import type { Operation } from './operation';

/** The settings of a pool, as far as this one has them. */
export const describeUserPool: Operation = {
  signed: true,
  shape: { UserPoolId: userPoolId },
  run: ({ pools }, input) => {
    const { id, name, config, passwordPolicy: policy, firstAuthFactors, users } = pools.get(input.text('UserPoolId'));
    const devices = config.deviceConfiguration;
    return {
      UserPool: {
        Id: id,
        Name: name,
        Policies: {
          PasswordPolicy: {
            MinimumLength: policy.minimumLength,
            RequireUppercase: policy.requireUppercase,
            RequireLowercase: policy.requireLowercase,
            RequireNumbers: policy.requireNumbers,
            RequireSymbols: policy.requireSymbols,
            TemporaryPasswordValidityDays: policy.temporaryPasswordValidityDays,
          },
          SignInPolicy: { AllowedFirstAuthFactors: firstAuthFactors },
        },
        ...(devices
          ? {
              DeviceConfiguration: {
                ChallengeRequiredOnNewDevice: devices.challengeRequiredOnNewDevice ?? false,
                DeviceOnlyRememberedOnUserPrompt: devices.deviceOnlyRememberedOnUserPrompt ?? false,
              },
            }
          : {}),
        MfaConfiguration: config.mfaConfiguration ?? 'OPTIONAL',
        EstimatedNumberOfUsers: users.length,
        UsernameConfiguration: { CaseSensitive: config.usernameConfiguration?.caseSensitive ?? false },
        ...(config.usernameAttributes ? { UsernameAttributes: config.usernameAttributes } : {}),
        ...(config.aliasAttributes ? { AliasAttributes: config.aliasAttributes } : {}),
      },
    };
  },
};
