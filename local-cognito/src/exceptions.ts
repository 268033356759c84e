/**
 * What a row of the table rests on, the strongest where there are several:
 * D documented by AWS (API reference, developer guide, SDK types), C captured from real pools by others,
 * R quoted from AWS by several users or threads, I read out of official clients' code, G a guess.
 */
type Confidence = 'D' | 'C' | 'R' | 'I' | 'G';

type Row = readonly [name: string, message: string, confidence: Confidence];

/** Every refusal of the pool: exception name, message, confidence. `{x}` is filled in by {@link refuse}. */
export const refusals = {
  // Passwords
  wrongPassword: ['NotAuthorizedException', 'Incorrect username or password.', 'C'],
  passwordAttemptsExceeded: ['NotAuthorizedException', 'Password attempts exceeded', 'D'],
  temporaryPasswordExpired: ['NotAuthorizedException', 'Temporary password has expired and must be reset by an administrator.', 'R'],
  timestampUnreadable: ['InvalidParameterException', 'TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.', 'R'],
  srpAInvalid: ['InvalidParameterException', 'Invalid SRP_A.', 'G'],
  // The user's state
  userNotFound: ['UserNotFoundException', 'User does not exist.', 'C'],
  userDisabled: ['NotAuthorizedException', 'User is disabled.', 'R'],
  userNotConfirmed: ['UserNotConfirmedException', 'User is not confirmed.', 'C'],
  passwordResetRequired: ['PasswordResetRequiredException', 'Password reset required for the user', 'R'],
  // The app client and its flows
  // Both also answer a request that reached another region than the pool's: aws/aws-sdk-go#2436, anomalyco/guide#82
  poolNotFound: ['ResourceNotFoundException', 'User pool {id} does not exist.', 'R'],
  clientNotFound: ['ResourceNotFoundException', 'User pool client {id} does not exist.', 'R'],
  userPasswordAuthOff: ['InvalidParameterException', 'USER_PASSWORD_AUTH flow not enabled for this client', 'C'],
  // For USER_AUTH a guess
  namedFlowOff: ['InvalidParameterException', '{flow} is not enabled for the client.', 'R'],
  // For REFRESH_TOKEN_AUTH a guess
  flowOff: ['InvalidParameterException', 'Auth flow not enabled for this client', 'R'],
  flowOfOtherApi: ['InvalidParameterException', 'Initiate Auth method not supported.', 'R'],
  // aws-amplify/amplify-android#2504, furaiev/amazon-cognito-identity-dart-2#249
  secretHashMissing: ['NotAuthorizedException', 'Client {id} is configured with secret but SECRET_HASH was not received', 'R'],
  // scientifichackers/flutter_cognito_plugin#24, aws-amplify/amplify-js#277
  secretHashWrong: ['NotAuthorizedException', 'Unable to verify secret hash for client {id}', 'R'],
  // pmill/aws-cognito#23; awslabs/aws-sdk-ios-samples#102 begins it with Client
  secretHashUnexpected: ['InvalidParameterException', 'App client {id} is not configured for secret but secret hash was received', 'R'],
  rotationForbidsRefreshAuth: ['UnsupportedOperationException', 'REFRESH_TOKEN_AUTH is not supported when refresh token rotation is enabled', 'G'],
  // Codes
  totpWrong: ['CodeMismatchException', 'Invalid code received for user', 'R'],
  totpUsed: ['ExpiredCodeException', 'Your software token has already been used once.', 'C'],
  sentCodeWrong: ['CodeMismatchException', 'Invalid code or auth state for the user.', 'C'],
  enrolmentCodeWrong: ['EnableSoftwareTokenMFAException', 'Code mismatch and fail enable Software Token MFA', 'R'],
  softwareTokenOff: ['SoftwareTokenMFANotFoundException', 'Software Token MFA has not been enabled by the userPool', 'R'],
  softwareTokenNotAssociated: ['InvalidParameterException', 'Software token has not been associated', 'G'],
  challengeNotOffered: ['InvalidParameterException', 'ANSWER is not one of the available challenges', 'G'],
  noChallengeToOffer: ['NotAuthorizedException', 'There is no challenge that the user can meet', 'G'],
  mfaNotOffered: ['InvalidParameterException', 'ANSWER is not one of the offered MFA types', 'G'],
  // Quoted from SetUserMFAPreference (aws/aws-sdk-js-v3#4645); that MFA_SETUP says the same is a guess
  noMfaToSetUp: ['InvalidParameterException', 'User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA', 'G'],
  // Step-up. That each is an error is documented; names and messages are guesses
  accessTokenWithoutTarget: ['InvalidParameterException', 'ACCESS_TOKEN requires TARGET_ACR_VALUES', 'G'],
  accessTokenOfOtherUser: ['NotAuthorizedException', 'ACCESS_TOKEN was not issued for this user', 'G'],
  acrUnknown: ['InvalidParameterException', 'TARGET_ACR_VALUES holds no level of the user pool', 'G'],
  acrUnreachable: ['InvalidParameterException', 'The user has no factors for any of TARGET_ACR_VALUES', 'G'],
  acrReached: ['InvalidParameterException', 'ACCESS_TOKEN meets TARGET_ACR_VALUES already', 'G'],
  maxAgeMalformed: ['InvalidParameterException', 'MAX_AGE is not a number of seconds', 'G'],
  // Passkeys. The names are documented, each with the condition; the messages are not.
  passkeyRefused: ['NotAuthorizedException', 'Incorrect username or password.', 'G'],
  passkeyUnreadable: ['InvalidParameterException', '{name} is not a public key credential in JSON', 'G'],
  passkeysOff: ['WebAuthnNotEnabledException', 'Passkeys are not enabled for the user pool', 'G'],
  passkeysUnconfigured: ['WebAuthnConfigurationMissingException', 'The user pool has no relying party ID', 'G'],
  passkeyChallengeNotFound: ['WebAuthnChallengeNotFoundException', 'The challenge is unknown or has expired', 'G'],
  passkeyOfOtherClient: ['WebAuthnClientMismatchException', 'The registration was started with another app client', 'G'],
  passkeyOriginNotAllowed: ['WebAuthnOriginNotAllowedException', '{origin} does not belong to the relying party {rpId}', 'G'],
  passkeyOfOtherParty: ['WebAuthnRelyingPartyMismatchException', 'The credential is not for the relying party {rpId}', 'G'],
  passkeyNotSupported: ['WebAuthnCredentialNotSupportedException', 'The credential is not supported', 'G'],
  passkeyNotFound: ['ResourceNotFoundException', 'WebAuthn credential {id} does not exist', 'G'],
  // 20 for each user (developer guide, "Passwordless sign-in with WebAuthn passkeys")
  passkeysTooMany: ['LimitExceededException', 'The user has registered as many passkeys as there can be', 'G'],
  // aws-amplify/amplify-js#618
  mfaWithoutPhone: ['InvalidParameterException', 'User does not have a phone_number set to turn on SMS MFA', 'R'],
  // aws/aws-sdk-js-v3#4645, AdminSetUserMFAPreference; for EMAIL_OTP a guess
  mfaWithoutDelivery: ['InvalidParameterException', 'User does not have delivery config set to turn on {type}', 'R'],
  // aws-amplify/amplify-js#944 and #1343
  softwareTokenNotSetUp: ['InvalidParameterException', 'User has not set up software token mfa', 'R'],
  softwareTokenNotVerified: ['InvalidParameterException', 'User has not verified software token mfa', 'R'],
  mfaNotInPool: ['InvalidParameterException', '{type} is not enabled for the user pool', 'G'],
  mfaPreferredTwice: ['InvalidParameterException', 'Only one MFA type can be preferred', 'G'],
  mfaPreferredOff: ['InvalidParameterException', '{type} must be enabled to be preferred', 'G'],
  // Sessions
  sessionBogus: ['NotAuthorizedException', 'Invalid session for the user.', 'R'],
  sessionExpired: ['NotAuthorizedException', 'Invalid session for the user, session is expired.', 'C'],
  sessionUsed: ['NotAuthorizedException', 'Invalid session for the user, session can only be used once.', 'C'],
  // Signing up
  // amazon-archives/amazon-cognito-identity-js#410
  usernameTaken: ['UsernameExistsException', 'User already exists', 'R'],
  // jonsaw/amazon-cognito-identity-dart#73
  attributeTaken: ['UsernameExistsException', 'An account with the given {name} already exists.', 'R'],
  aliasTaken: ['AliasExistsException', 'An account with the {name} already exists.', 'R'],
  // amazon-archives/awsmobile-cli#178
  usernameLikeAlias: [
    'InvalidParameterException',
    'Username cannot be of {kind} format, since user pool is configured for {kind} alias.',
    'R',
  ],
  // aws-samples/sample-aws-genai-ops-demos#2; for phone numbers and for both a guess
  usernameNotAttribute: ['InvalidParameterException', 'Username should be {kinds}.', 'R'],
  addressInvalid: ['InvalidParameterException', 'Invalid email address format.', 'R'],
  numberInvalid: ['InvalidParameterException', 'Invalid phone number format.', 'R'],
  // furaiev/amazon-cognito-identity-dart-2#89
  attributesRequired: ['InvalidParameterException', 'Attributes did not conform to the schema: {names}', 'R'],
  confirmationCodeWrong: ['CodeMismatchException', 'Invalid verification code provided, please try again.', 'R'],
  // awslabs/aws-sdk-ios-samples#144
  confirmationCodeExpired: ['ExpiredCodeException', 'Invalid code provided, please request a code again.', 'C'],
  // furaiev/amazon-cognito-identity-dart-2#80
  notToBeConfirmed: ['NotAuthorizedException', 'User cannot be confirmed. Current status is {status}', 'R'],
  // amazon-archives/amazon-cognito-identity-js#525
  alreadyConfirmed: ['InvalidParameterException', 'User is already confirmed.', 'C'],
  // amazon-archives/amazon-cognito-identity-js#537, aws-amplify/aws-sdk-ios#4837
  usernameNotFound: ['UserNotFoundException', 'Username/client id combination not found.', 'C'],
  autoVerificationOff: ['InvalidParameterException', 'Auto verification not turned on.', 'G'],
  // Custom authentication
  customAuthNotConfigured: ['InvalidParameterException', 'Custom auth lambda trigger is not configured for the user pool.', 'R'],
  // aws-amplify/amplify-js#9127
  triggerFailed: ['UserLambdaValidationException', '{name} failed with error {error}.', 'R'],
  // furaiev/amazon-cognito-identity-dart-2#204
  triggerTooSlow: ['UnexpectedLambdaException', '{name} invocation failed due to error Socket timeout while invoking Lambda function.', 'R'],
  // amazon-archives/amazon-cognito-identity-js#167
  triggerAnswerMalformed: ['InvalidLambdaResponseException', 'Unrecognizable lambda output', 'R'],
  challengeNameUnknown: ['InvalidParameterException', 'Invalid CHALLENGE_NAME.', 'G'],
  // Devices
  // aws/aws-sdk-net#1055; official clients branch on it
  deviceNotFound: ['ResourceNotFoundException', 'Device does not exist.', 'R'],
  // aws-amplify/amplify-js#4047 and #8469, boto/boto3#4059; when exactly it arises is a guess
  deviceKeyInvalid: ['InvalidParameterException', 'Invalid device key given.', 'R'],
  // The exception is documented
  deviceKeyExists: ['DeviceKeyExistsException', 'Device key already exists.', 'G'],
  deviceVerifierInvalid: ['InvalidParameterException', 'Invalid device secret verifier config given.', 'G'],
  // aws-amplify/amplify-js#10582
  deviceBeforeSignIn: ['NotAuthorizedException', 'Cannot initiate DEVICE_SRP_AUTH flow without first authenticating', 'R'],
  paginationTokenInvalid: ['InvalidParameterException', 'Invalid pagination token given.', 'G'],
  // Tokens
  refreshTokenInvalid: ['NotAuthorizedException', 'Invalid Refresh Token.', 'C'],
  // aws/aws-sdk-net#1936
  refreshTokenRevoked: ['NotAuthorizedException', 'Refresh Token has been revoked', 'C'],
  // The exception is documented
  refreshTokenReused: ['RefreshTokenReuseException', 'Refresh Token has been rotated and can no longer be used', 'G'],
  refreshTokenExpired: ['NotAuthorizedException', 'Refresh Token has expired', 'G'],
  accessTokenInvalid: ['NotAuthorizedException', 'Invalid Access Token', 'R'],
  // API reference, GlobalSignOut; that RevokeToken leads to the same text is a guess
  accessTokenRevoked: ['NotAuthorizedException', 'Access Token has been revoked', 'D'],
  // Quoted of REFRESH_TOKEN_AUTH: furaiev/amazon-cognito-identity-dart-2#164
  clientSecretMissing: ['NotAuthorizedException', 'Client {id} is configured for secret but secret was not received', 'G'],
  clientSecretWrong: ['NotAuthorizedException', 'Unable to verify secret for client {id}', 'G'],
  clientSecretUnexpected: ['InvalidParameterException', 'App client {id} is not configured for secret but secret was received', 'G'],
  // RevokeToken. The exceptions are documented, which of them stands for what is an assumption
  revocationUnauthorized: ['UnauthorizedException', 'Unable to verify secret for client {id}', 'G'],
  revocationOfOtherClient: ['UnauthorizedException', 'The token was not issued to client {id}', 'G'],
  revocationOff: ['UnsupportedOperationException', 'Token revocation is not enabled for client {id}', 'G'],
  revocationOfOtherToken: ['UnsupportedTokenTypeException', 'Only refresh tokens can be revoked', 'G'],
  accessTokenExpired: ['NotAuthorizedException', 'Access Token has expired', 'R'],
  // New passwords and attributes
  passwordTooShort: ['InvalidPasswordException', 'Password did not conform with policy: Password not long enough', 'R'],
  passwordLacks: ['InvalidPasswordException', 'Password did not conform with policy: Password must have {kind} characters', 'R'],
  attributeMissing: ['InvalidParameterException', 'Invalid attributes given, {name} is missing', 'R'],
  // aws-samples/aws-saas-factory-bootcamp#67
  attributeAlreadyProvided: ['NotAuthorizedException', 'Cannot modify an already provided {name}', 'R'],
  attributeNotWritable: ['NotAuthorizedException', 'A client attempted to write unauthorized attribute', 'R'],
  attributeUnknown: ['InvalidParameterException', 'Attributes did not conform to the schema: {name}: Attribute does not exist in the schema.', 'R'],
  // The request as such
  usernameTooLong: [
    'InvalidParameterException',
    "1 validation error detected: Value at 'username' failed to satisfy constraint: Member must have length less than or equal to {max}",
    'G',
  ],
  parameterMissing: ['InvalidParameterException', 'Missing required parameter {name}', 'R'],
  validation: ['InvalidParameterException', '{errors}', 'R'],
  unreadableJson: ['SerializationException', 'The request body is not a JSON object', 'G'],
  wrongType: ['SerializationException', '{path} must be a {type}', 'G'],
  bodyTooLarge: ['RequestEntityTooLargeException', 'The request body is too large', 'G'],
  unknownOperation: ['UnknownOperationException', 'Unknown operation', 'G'],
  // lgallard/terraform-aws-cognito-user-pool#116
  accessDenied: [
    'AccessDeniedException',
    'User: {user} is not authorized to perform: cognito-idp:{operation} on resource: {resource} because no identity-based policy allows the cognito-idp:{operation} action',
    'R',
  ],
  // Signature Version 4 (texts as AWS services give them)
  signatureMissing: ['MissingAuthenticationTokenException', 'Missing Authentication Token', 'R'],
  signatureIncomplete: ['IncompleteSignatureException', 'Authorization header requires {part}', 'R'],
  accessKeyUnknown: ['UnrecognizedClientException', 'The security token included in the request is invalid.', 'R'],
  signatureWrong: [
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    'R',
  ],
  signatureExpired: ['InvalidSignatureException', 'Signature expired: {signed} is now earlier than {limit} ({now} - 5 min.)', 'R'],
  signatureNotYetCurrent: ['InvalidSignatureException', 'Signature not yet current: {signed} is still later than {limit} ({now} + 5 min.)', 'R'],
  signatureDateMismatch: ['InvalidSignatureException', 'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP', 'R'],
  // aws/aws-sdk-php#2469
  signatureWithoutHost: ['InvalidSignatureException', "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.", 'R'],
  // That these must be signed is documented; that the text is the same is a guess
  signatureWithoutHeader: ['InvalidSignatureException', "'{name}' must be a 'SignedHeader' in the AWS Authorization.", 'G'],
  signatureService: ['InvalidSignatureException', "Credential should be scoped to correct service: 'cognito-idp'.", 'R'],
} as const satisfies Record<string, Row>;

/** A refusal in Cognito's own terms; the wire answer is made of its name and message. */
export class CognitoException extends Error {
  /** Does it end the attempt? The session of the refused answer is then spent. */
  endsAttempt = false;

  constructor(override readonly name: string, message: string) {
    super(message);
  }
}

/** The exception of one row of {@link refusals}, placeholders filled in: `throw refuse('clientNotFound', { id })`. */
export function refuse(row: keyof typeof refusals, values: Readonly<Record<string, string>> = {}): CognitoException {
  const [name, template] = refusals[row];
  return new CognitoException(name, template.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? ''));
}

/** Has a refusal inside end the attempt. */
export async function endingAttempt<T>(judge: () => T | Promise<T>): Promise<T> {
  try {
    return await judge();
  } catch (error) {
    if (error instanceof CognitoException) error.endsAttempt = true;
    throw error;
  }
}
