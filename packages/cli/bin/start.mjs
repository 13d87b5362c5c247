/** Starts the command, or says in one line what is missing where the checkout was not built. */
export async function start(program) {
  try {
    const { main } = await import('../bundle/main.js');
    await main(program);
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const { fileURLToPath } = await import('node:url');
    const checkout = fileURLToPath(new URL('../../../', import.meta.url));
    process.stderr.write(`${program}: Tandem is not built here (run 'npm run build' in ${checkout})\n`);
    process.exitCode = 3;
  }
}
