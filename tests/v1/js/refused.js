// Asks for what is not to be had and prints how the SDK puts it.
// node refused.js SERVER METHOD ARGUMENT
import { FetchError, GiphyFetch, setServerUrl } from '@giphy/js-fetch-api'

const [server, method, argument] = process.argv.slice(2)
setServerUrl(`${server}/v1/`)

try {
    await new GiphyFetch('any')[method](argument)
} catch (error) {
    const { status, message } = error
    process.stdout.write(JSON.stringify({ known: error instanceof FetchError, status, message }))
}
