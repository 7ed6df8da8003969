// Direction, in one sentence: apps → arguments, connectors, egress, service-kit → contracts; console → contracts; edge → contracts;
// no app imports an app. Imports of a workspace package arrive at its dist/, so `npm run check` builds first.

// The visitor of @swc/core 1.16 does not know `using` declarations and throws at the first one it meets.
const { Visitor } = require('@swc/core/Visitor.js');
const { visitStatement } = Visitor.prototype;
Visitor.prototype.visitStatement = function (statement) {
  if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement);
  return { ...statement, decls: this.visitVariableDeclarators(statement.decls) };
};

/** Files that only run in tests, or prepare them. */
const TEST_CODE = ['\\.spec\\.tsx?$', '/testing/', '/browser/', '^test/', '^packages/testing/', '/jest\\.config\\.js$'];
const OUR_PACKAGES = '^(packages|apps)/';

/** From `path` (its tests aside) only the workspace packages in `allowed` may be imported. */
function onlyPackages(path, allowed, comment) {
  const own = `^${path}/`;
  return {
    name: `${path.replaceAll(/[^a-z]+/g, '-')}-imports-only-${allowed.join('-and-') || 'nothing-of-ours'}`,
    severity: 'error',
    comment,
    from: { path: own, pathNot: TEST_CODE },
    to: { path: OUR_PACKAGES, pathNot: [own, ...allowed.map((name) => `^packages/${name}/`)] },
  };
}

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Files that need each other are one file, or a third one is missing.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-app-imports-an-app',
      severity: 'error',
      comment: 'Services talk over NATS: ask for the message in packages/contracts instead.',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'apps-import-arguments-connectors-egress-service-kit-contracts',
      severity: 'error',
      comment: 'An app is built on these packages only.',
      from: { path: '^apps/', pathNot: [...TEST_CODE, '^apps/console/'] },
      to: { path: '^packages/', pathNot: '^packages/(arguments|connectors|egress|service-kit|contracts)/' },
    },
    onlyPackages(
      'apps/console',
      ['contracts'],
      'The console talks to the gateway; it shares nothing with it but the contracts.',
    ),
    onlyPackages('packages/edge', ['contracts'], 'An edge is embedded in programs of other people.'),
    onlyPackages('packages/connectors', ['contracts'], 'Provider documents need no service.'),
    onlyPackages('packages/arguments', ['contracts'], 'What fits a schema depends on nothing but the schema.'),
    onlyPackages('packages/egress', ['contracts'], 'The HTTP client knows nothing of services.'),
    onlyPackages('packages/service-kit', ['contracts'], 'No domain word may appear in the service kit.'),
    {
      name: 'contracts-depend-on-zod-only',
      severity: 'error',
      comment: 'Contracts are read by every program there is: nothing but zod may come along.',
      from: { path: '^packages/contracts/src/', pathNot: TEST_CODE },
      to: { pathNot: ['^packages/contracts/', '(^|/)node_modules/zod/'] },
    },
    {
      name: 'domain-imports-contracts-and-itself',
      severity: 'error',
      comment: 'Rules are pure: what they need from the outside is passed in by the use case.',
      from: { path: '^apps/([^/]+)/src/domain/', pathNot: TEST_CODE },
      to: { pathNot: ['^apps/$1/src/domain/', '^packages/contracts/'] },
    },
    {
      name: 'replay-is-an-edge',
      severity: 'error',
      comment: 'The player proves that any NATS client can speak the edge contract.',
      from: { path: '^test/replay/' },
      to: { path: '^(apps|packages/service-kit)/' },
    },
    {
      name: 'testing-is-for-tests',
      severity: 'error',
      comment: 'Fakes and test databases do not belong into a running service.',
      from: { pathNot: TEST_CODE },
      to: { path: '^packages/testing/' },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'A rule cannot be checked for an import that leads nowhere. Not built, or not in package.json?',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // TypeScript 7 has no JavaScript API to parse with.
    parser: 'swc',
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['/dist-server/', '\\.patchbay/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'default', 'node'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json', '.css'],
    },
  },
};
