// Push messages and calls. It connects three things: Switchboard's API, Exotel's SDK, and the screen that rings.

package switchboard

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/** The part of Exotel's SDK that is used here: implement it with ExotelVoiceClient and CallController (AndroidApp.kt). */
interface VoiceSdk {
    fun initialize(login: Login)

    /** `relaySessionData`, with both texts exactly as they are. */
    fun relay(payload: String, payloadVersion: String)

    fun dial(exophone: String)
    fun answer()
    fun hangUp()
    fun stop()
}

/** What the user sees. Calls have the id `callUuid` in all messages. */
interface Screen {
    fun ring(call: Incoming)

    /** The caller's message and name, once they are known. */
    fun update(call: Incoming)

    /** The user has answered: stop the sound. */
    fun answered(callUuid: String)

    /** The call is over, or never began: [reason] is `ended`, `declined`, `failed`, or that of a cancel message. */
    fun end(callUuid: String, reason: String)

    fun missed(caller: String, at: Long)

    /** The session has ended: show the login. */
    fun loggedOut()
}

/** A call for this phone; [pushId] is empty where it came without a push. */
data class Incoming(val callUuid: String, val pushId: String, val callerName: String, val message: String = "")

/** All functions run on [dispatcher], one at a time: on Android the main thread. */
class Phone(
    private val api: Switchboard,
    private val sdk: VoiceSdk,
    private val screen: Screen,
    private val dispatcher: CoroutineDispatcher = Dispatchers.Main.immediate,
) {
    private enum class State { RINGING, ANSWERING, TALKING }

    private class Current(var shown: Incoming, val ringMs: Long) {
        var state = State.RINGING
        var sessionId: String? = null
        var timer: Job? = null
    }

    private val timers = CoroutineScope(dispatcher + SupervisorJob())
    private var current: Current? = null // a call for this phone
    private var isDialling = false // a call by this phone, until its end
    private var pushId: String? = null // of this call or the last, for its late callbacks
    private var sessionId: String? = null
    private val over = ArrayDeque<String>() // calls that must not ring (again)
    private var token: PushToken? = null
    private var sdkIsUp = false
    private var sessionHasEnded = false
    private var renewedAt = 0L

    init {
        api.onSessionEnded = { withContext(dispatcher) { sessionEnded() } }
    }

    private val isBusy get() = current != null || isDialling

    /** At the start of the app: bring the SDK up if a user is logged in, and send what could not be sent before. */
    suspend fun start(): Boolean = withContext(dispatcher) {
        val login = api.session ?: return@withContext false
        bringUp(login)
        runCatching { api.flush() }
        true
    }

    suspend fun login(userName: String, password: String) = withContext(dispatcher) {
        loggedIn(api.login(userName, password))
    }

    suspend fun loginWithIdToken(idToken: String) = withContext(dispatcher) { loggedIn(api.loginWithIdToken(idToken)) }

    suspend fun logout() = withContext(dispatcher) {
        api.logout(token?.deviceToken)
        loggedOut()
    }

    /** Firebase has given the app a push token: at each start, and in onNewToken. */
    suspend fun pushTokenChanged(token: PushToken) = withContext(dispatcher) {
        this@Phone.token = token
        if (api.session != null) api.registerPush(token)
    }

    /** A push message has arrived. Hand all of them over: those that are not for this user do nothing. */
    suspend fun pushReceived(data: Map<String, String>) = withContext(dispatcher) {
        val login = api.session ?: return@withContext
        when {
            data["type"] == "missedCall" -> screen.missed(data["caller"].orEmpty(), data["at"]?.toLongOrNull() ?: 0)
            data["subscriberName"] != login.subscriberName -> Unit
            data["type"] == "cancel" -> cancelled(data["callUuid"].orEmpty(), data["reason"] ?: "ended")
            else -> data["payload"]?.let { invited(data, it, login) }
        }
        Unit
    }

    /** Call a user. The callee must be known to Switchboard before Exotel asks for it, so the context comes first. */
    suspend fun dial(callee: String, message: String = "") = withContext(dispatcher) {
        api.setContext(callee, message)
        pushId = null
        sessionId = null
        val login = api.session ?: return@withContext
        isDialling = true
        try {
            sdk.dial(login.exophone)
        } catch (error: Exception) {
            isDialling = false
            throw error
        }
    }

    /** The user answers. The SDK can be a moment behind the push: then it answers as soon as it has the call. */
    suspend fun answer() = withContext(dispatcher) {
        val call = current?.takeIf { it.state == State.RINGING } ?: return@withContext
        call.state = State.ANSWERING
        endLater(call)
        screen.answered(call.shown.callUuid)
        if (call.sessionId != null) answerNow()
        acknowledge(AckState.ANSWERED, call.shown.pushId)
        Unit
    }

    suspend fun decline() = withContext(dispatcher) {
        val call = current ?: return@withContext
        end("declined")
        if (call.sessionId != null) sdk.hangUp() // else in callIncoming
        acknowledge(AckState.DECLINED, call.shown.pushId)
        Unit
    }

    suspend fun hangUp() = withContext(dispatcher) {
        isDialling = false
        sdk.hangUp()
    }

    /** The SDK's onIncomingCall; [session] is its call id, [caller] its remote id. */
    suspend fun callIncoming(session: String, caller: String) = withContext(dispatcher) {
        if (current == null && pushId != null) {
            sdk.hangUp() // the call of that push is over
            return@withContext
        }
        if (isDialling) return@withContext // the SDK has one call at a time
        val call = current ?: begin(Incoming(session, pushId = "", callerName = caller), RING_MS)
        call.sessionId = session
        sessionId = session
        told("onIncomingCall")
        if (call.state == State.ANSWERING) answerNow()
    }

    /** The SDK's onCallInitiated, of a call that this phone makes. */
    suspend fun callInitiated(session: String) = withContext(dispatcher) {
        sessionId = session
        told("onCallInitiated")
    }

    suspend fun callRinging() = withContext(dispatcher) { told("onCallRinging") }

    suspend fun callEstablished() = withContext(dispatcher) {
        current?.state = State.TALKING
        told("onCallEstablished")
    }

    /** The SDK's onCallEnded; [cdr] are its call details. All events of the call go out as one request. */
    suspend fun callEnded(cdr: Map<String, Any?>) = finish("onCallEnded", cdr)

    suspend fun callMissed(cdr: Map<String, Any?>) = finish("onMissedCall", cdr)

    /** The SDK's onAuthenticationFailure: get new tokens and start the SDK anew. */
    suspend fun authenticationFailed(type: String, message: String) = withContext(dispatcher) {
        told("onAuthenticationFailure", error = SdkEvent.SdkError(type, message))
        isDialling = false
        val now = System.currentTimeMillis()
        if (now - renewedAt < RENEW_AGAIN_MS) return@withContext
        renewedAt = now
        sdkIsUp = false // where the renewal fails, the next push or start tries again
        initialize(api.renewToken())
    }

    private suspend fun finish(name: String, cdr: Map<String, Any?>) = withContext(dispatcher) {
        told(name, cdr = cdr)
        isDialling = false
        end("ended")
        pushId = null
        sessionId = null
        if (sessionHasEnded) loggedOut()
        runCatching { api.flush() } // they stay in the queue
        Unit
    }

    private suspend fun loggedIn(login: Login) {
        initialize(login)
        token?.let { api.registerPush(it) }
    }

    /** A call goes on: it needs no session. A push rings whatever the session's age. */
    private fun sessionEnded() {
        sessionHasEnded = true
        if (!isBusy) loggedOut()
    }

    private fun loggedOut() {
        sessionHasEnded = false
        isDialling = false
        end("ended")
        sdkIsUp = false
        sdk.stop()
        screen.loggedOut()
    }

    private suspend fun invited(data: Map<String, String>, payload: String, login: Login) {
        val pushId = data["pushId"].orEmpty()
        val callUuid = data["callUuid"] ?: pushId.ifEmpty { payload }
        if (callUuid in over || callUuid == current?.shown?.callUuid) return
        if (isBusy) {
            acknowledge(AckState.BUSY, pushId)
            return
        }
        val caller = data["callerName"].orEmpty().ifEmpty { "Unknown caller" }
        val call = begin(Incoming(callUuid, pushId, caller), ringMs(data))
        try {
            bringUp(login)
            sdk.relay(payload, data["payloadVersion"].orEmpty()) // at once: the SDK hears when the caller gives up
        } catch (error: Exception) {
            end("failed")
            throw error
        }
        val about = acknowledge(AckState.RINGING, pushId) ?: return
        if (current !== call) return
        call.shown = call.shown.copy(callerName = about.callerName, message = about.message)
        screen.update(call.shown)
    }

    /** A length of time, since the phone's clock can differ from the server's. */
    private fun ringMs(data: Map<String, String>): Long {
        val sentAt = data["sentAt"]?.toLongOrNull() ?: return RING_MS
        return data["expiresAt"]?.toLongOrNull()?.minus(sentAt)?.takeIf { it > 0 } ?: RING_MS
    }

    private fun begin(shown: Incoming, ringMs: Long): Current {
        val call = Current(shown, ringMs)
        endLater(call)
        current = call
        pushId = shown.pushId.ifEmpty { null }
        sessionId = null
        screen.ring(shown)
        return call
    }

    /** End a call that nobody answers, or that is answered and does not come about, each after the push's time to ring. */
    private fun endLater(call: Current) {
        call.timer?.cancel()
        call.timer = timers.launch {
            delay(call.ringMs)
            if (current !== call || call.state == State.TALKING) return@launch
            if (call.state == State.ANSWERING && call.sessionId != null) runCatching { sdk.hangUp() }
            end("ended")
        }
    }

    private fun answerNow() = try {
        sdk.answer()
    } catch (error: Exception) {
        end("failed")
        throw error
    }

    private fun cancelled(callUuid: String, reason: String) {
        val call = current
        if (call == null || call.shown.callUuid != callUuid) forbid(callUuid) // it can overtake its invite
        else if (call.state == State.RINGING) end(reason)
    }

    private fun end(reason: String) {
        val call = current ?: return
        call.timer?.cancel()
        current = null
        forbid(call.shown.callUuid)
        screen.end(call.shown.callUuid, reason)
        if (sessionHasEnded) loggedOut()
    }

    private fun forbid(callUuid: String) {
        over += callUuid
        if (over.size > MOST_REMEMBERED) over.removeFirst()
    }

    private suspend fun bringUp(login: Login) {
        if (sdkIsUp) return
        val isOver = login.refreshTokenExpiresAt * 1000 <= System.currentTimeMillis()
        val usable = if (isOver) api.renewToken() else login
        if (!sdkIsUp) initialize(usable)
    }

    private fun initialize(login: Login) {
        sdk.initialize(login)
        sdkIsUp = true
    }

    /** Confirm a push as far as the network allows: the call goes on without it. */
    private suspend fun acknowledge(state: AckState, pushId: String): CallShown? =
        if (pushId.isEmpty()) null else runCatching { api.acknowledge(pushId, state) }.getOrNull()

    private fun told(name: String, error: SdkEvent.SdkError? = null, cdr: Map<String, Any?>? = null) {
        api.report(SdkEvent(name, pushId = pushId, sessionId = sessionId, error = error, cdr = cdr))
    }

    private companion object {
        const val RING_MS = 30_000L
        const val RENEW_AGAIN_MS = 30_000L // the SDK can report the same failure many times
        const val MOST_REMEMBERED = 50
    }
}
