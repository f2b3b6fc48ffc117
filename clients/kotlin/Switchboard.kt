// Switchboard's API for an app: the session, every request, and a queue that keeps events while there is no network.

package switchboard

import java.io.IOException
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import okhttp3.HttpUrl
import okhttp3.HttpUrl.Companion.toHttpUrl
import okhttp3.MediaType.Companion.toMediaType
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.RequestBody.Companion.toRequestBody
import okhttp3.Response
import org.json.JSONArray
import org.json.JSONException
import org.json.JSONObject

/** Where the session and unsent events are kept; on Android see PreferencesStore in AndroidApp.kt. */
interface Store {
    operator fun get(key: String): String?
    operator fun set(key: String, value: String?)
}

enum class TokenType(val wire: String) { FCM("fcm"), FID("fid") }
enum class AckState(val wire: String) { RINGING("ringing"), ANSWERED("answered"), DECLINED("declined"), BUSY("busy") }
enum class Issue { NO_ISSUE, BACKGROUND_NOISE, CHOPPY_AUDIO, HIGH_LATENCY, NO_AUDIO, ECHO }

/** The answer of a login; [subscriberToken] is the text that the SDK's `initialize` takes. Times are epoch seconds. */
class Login(val json: JSONObject) {
    val subscriberToken: String = json.getJSONObject("subscriber_token").toString()
    val subscriberName: String = json.getString("subscriber_name")
    val hostName: String = json.getString("host_name")
    val accountSid: String = json.getString("account_sid")
    val exophone: String = json.getString("exophone")
    val displayName: String = json.getString("contact_display_name")
    val sessionToken: String = json.getString("session_token")
    val refreshTokenExpiresAt: Long = json.getLong("refresh_token_expires_at")
}

data class PushToken(val deviceToken: String, val tokenType: TokenType = TokenType.FCM)

/** One event of Exotel's SDK; [time] is epoch milliseconds. [cdr] are the SDK's call details. */
data class SdkEvent(
    val name: String,
    val time: Long = System.currentTimeMillis(),
    val callId: String? = null,
    val pushId: String? = null,
    val sessionId: String? = null,
    val error: SdkError? = null,
    val cdr: Map<String, Any?>? = null,
) {
    data class SdkError(val type: String, val message: String = "")

    internal fun toJson() = json(
        "name" to name, "time" to time, "callId" to callId, "pushId" to pushId, "sessionId" to sessionId,
        "error" to error?.let { json("type" to it.type, "message" to it.message) }, "cdr" to cdr?.let(::JSONObject),
    )
}

/** [callId] is the CallSid, the push's `pushId` or the SDK's session id; a [rating] of 5 is excellent, 1 terrible. */
data class Feedback(
    val callId: String,
    val rating: Int,
    val issue: Issue,
    val comment: String? = null,
    val statistics: Map<String, Any?>? = null,
)

data class LogLine(val message: String, val level: String? = null, val tag: String? = null, val time: Long? = null)

data class Contact(val name: String, val number: String)

data class ContactGroup(val name: String, val isSpecial: Boolean, val contacts: List<Contact>)

/** A call as the user saw it; null where nothing is known (yet). Times are epoch seconds. */
data class ListedCall(
    val id: String,
    val pushIds: List<String>,
    val isIncoming: Boolean,
    val otherParty: String?,
    val startedAt: Long?,
    val outcome: String?,
    val talkSeconds: Double?,
    val rating: Int?,
)

data class CallPage(val calls: List<ListedCall>, val cursor: String?)

/** What a call is about, for the callee. */
data class CallShown(val message: String, val callerName: String)

/**
 * A refusal, or no answer: then [status] is 0 and [code] is `offline`. Later versions have codes that are not known yet.
 * [retryAfter] is in seconds. Quote the [requestId] to whoever runs the service.
 */
class SwitchboardException(
    val status: Int,
    val code: String,
    message: String,
    val field: String? = null,
    val retryAfter: Long? = null,
    val requestId: String? = null,
    cause: Throwable? = null,
) : IOException(message, cause) {
    /** Whether sending the same again is of no use. */
    val isFinal get() = status in setOf(400, 413, 422)
}

/** [baseUrl] is such as `https://…/v1`; [deviceId] is the SDK's own device id, to which Exotel binds its tokens. */
class Switchboard(
    baseUrl: String,
    private val accountSid: String,
    private val deviceId: String,
    private val store: Store,
    http: OkHttpClient = OkHttpClient(),
    private val platform: String = "android",
) {
    /** The session has ended elsewhere: show the login. */
    var onSessionEnded: suspend (code: String) -> Unit = {}

    private val base = baseUrl.toHttpUrl()
    private val http = http.newBuilder().callTimeout(15, TimeUnit.SECONDS).build()
    private val lock = Any() // guards `session` and `events`
    private val events = ArrayDeque<JSONObject>()
    private val renewing = Mutex()
    private val flushing = Mutex()

    /** The login that is in force, also after a restart of the app; null if there is none. */
    @Volatile
    var session: Login? = readable { Login(JSONObject(store[LOGIN_KEY].orEmpty())) }
        private set

    init {
        readable { JSONArray(store[EVENTS_KEY].orEmpty()).objects() }?.let { events += it }
    }

    /** Log in with the user's name and password. A wrong one is a SwitchboardException with the status 403. */
    suspend fun login(userName: String, password: String): Login = begin(
        send("POST", "login", phone().put("user_name", userName).put("password", password), bearer = null),
    )

    /** Log in with an id token of your own identity provider. */
    suspend fun loginWithIdToken(idToken: String): Login = begin(send("POST", "login", phone(), bearer = idToken))

    /** Get new tokens for the SDK; the session stays. Calls at the same time share one request. */
    suspend fun renewToken(): Login {
        val before = session
        return renewing.withLock {
            session.takeIf { it !== before }
                ?: begin(send("POST", "token", json("device_id" to deviceId, "platform" to platform)))
        }
    }

    /** End the session. Without an answer the user stays logged in, because the phone would go on ringing. */
    suspend fun logout(deviceToken: String? = null) {
        runCatching { flush() }
        try {
            send("POST", "logout", json("deviceToken" to deviceToken))
        } catch (error: SwitchboardException) {
            if (error.status != 401) throw error
        }
        forget()
    }

    /** Make this phone ring for the user. Send it at each start of the app, and when the token changes. */
    suspend fun registerPush(token: PushToken) {
        send(
            "POST", "devicetoken",
            json(
                "deviceToken" to token.deviceToken, "tokenType" to token.tokenType.wire,
                "deviceId" to deviceId, "platform" to platform, "knows" to JSONArray(listOf("cancel")),
            ),
        )
    }

    /** Say whom the next call is for. Each context answers one call. */
    suspend fun setContext(callee: String, message: String = "") {
        send("POST", "context", json("dialToNumber" to callee, "message" to message))
    }

    suspend fun clearContext() {
        send("DELETE", "context")
    }

    suspend fun contacts(): List<ContactGroup> = send("GET", "contacts").getJSONArray("response").objects().map { entry ->
        val group = entry.getJSONObject("data")
        val contacts = group.getJSONArray("contacts").objects()
        ContactGroup(
            group.getString("group"), group.getBoolean("is_special"),
            contacts.map { Contact(it.getString("contact_name"), it.getString("contact_number")) },
        )
    }

    /** Confirm a push and say what this phone does with it; learn what the call is about, if that is known. */
    suspend fun acknowledge(pushId: String, state: AckState): CallShown? =
        send("POST", "pushes/$pushId/ack", json("state" to state.wire)).optJSONObject("context")
            ?.let { CallShown(it.getString("message"), it.getString("callerName")) }

    suspend fun giveFeedback(feedback: Feedback) {
        send(
            "POST", "feedback",
            json(
                "callId" to feedback.callId, "rating" to feedback.rating, "issue" to feedback.issue.name,
                "comment" to feedback.comment, "statistics" to feedback.statistics?.let(::JSONObject),
            ),
        )
    }

    /** Send lines of the SDK's log, in as few requests as their size allows. */
    suspend fun sendLogs(lines: List<LogLine>) {
        var left = lines.map { json("message" to it.message, "level" to it.level, "tag" to it.tag, "time" to it.time) }
        while (left.isNotEmpty()) {
            var size = 0
            val fitting = left.take(MOST_LOG_LINES).takeWhile { size += it.toString().length; size <= MOST_LOG_CHARACTERS }
            val batch = fitting.ifEmpty { left.take(1) }
            send("POST", "logs", json("platform" to platform, "lines" to JSONArray(batch)))
            left = left.drop(batch.size)
        }
    }

    /** A page of the user's own calls, newest first; `cursor` is for the next page, null on the last one. */
    suspend fun calls(cursor: String? = null, limit: Int = 20): CallPage {
        val answer = send("GET", "calls", query = mapOf("limit" to limit.toString(), "cursor" to cursor))
        return CallPage(answer.getJSONArray("calls").objects().map(::listed), answer.known("cursor") { it as String })
    }

    /** Keep an event until the next flush, also over a restart of the app. */
    fun report(event: SdkEvent) = synchronized(lock) {
        events += event.toJson()
        while (events.size > MOST_QUEUED) events.removeFirst()
        keepEvents()
    }

    /** Send what was reported, in one request where it fits: at the end of a call and when the network is back. */
    suspend fun flush(): Unit = flushing.withLock {
        while (session != null) {
            val batch = nextBatch().ifEmpty { return }
            try {
                send("POST", "events", json("events" to JSONArray(batch)))
            } catch (error: SwitchboardException) {
                if (!error.isFinal) throw error
            }
            synchronized(lock) {
                events.removeAll { event -> batch.any { it === event } }
                keepEvents()
            }
        }
    }

    private fun nextBatch(): List<JSONObject> = synchronized(lock) {
        val ids = mutableSetOf<String>()
        events.take(MOST_IN_BATCH).takeWhile { event ->
            ids += listOf("callId", "pushId", "sessionId").map { event.optString(it) }.filter { it.isNotEmpty() }
            ids.size <= MOST_IDS_IN_BATCH
        }
    }

    private fun phone() = json("account_sid" to accountSid, "device_id" to deviceId, "platform" to platform)

    private fun begin(answer: JSONObject): Login = synchronized(lock) {
        val login = Login(answer)
        if (session?.subscriberName != login.subscriberName) events.clear()
        session = login
        store[LOGIN_KEY] = answer.toString()
        keepEvents()
        login
    }

    private fun forget() = synchronized(lock) {
        session = null
        events.clear()
        store[LOGIN_KEY] = null
        store[EVENTS_KEY] = null
    }

    private fun keepEvents() {
        store[EVENTS_KEY] = JSONArray(events.toList()).toString()
    }

    /** Send a request of the user's. */
    private suspend fun send(
        method: String,
        path: String,
        body: JSONObject? = null,
        query: Map<String, String?> = emptyMap(),
    ): JSONObject {
        val login = session ?: throw SwitchboardException(401, "no_session", "log in first")
        try {
            return answered(request(url(path, login, query), method, body, login.sessionToken))
        } catch (error: SwitchboardException) {
            if (error.status == 401 && login.sessionToken == session?.sessionToken) {
                forget()
                onSessionEnded(error.code)
            }
            throw error
        }
    }

    /** Send a request that needs no session; [bearer] is an id token, or null. */
    private suspend fun send(method: String, path: String, body: JSONObject, bearer: String?): JSONObject =
        answered(request(base.newBuilder().addPathSegments(path).build(), method, body, bearer))

    private fun url(path: String, login: Login, query: Map<String, String?>): HttpUrl {
        val url = base.newBuilder().addPathSegments("accounts").addPathSegment(accountSid)
            .addPathSegments("subscribers").addPathSegment(login.subscriberName).addPathSegments(path)
        for ((name, value) in query) value?.let { url.addQueryParameter(name, it) }
        return url.build()
    }

    private fun request(url: HttpUrl, method: String, body: JSONObject?, bearer: String?): Request {
        val request = Request.Builder().url(url).method(method, body?.toString()?.toRequestBody(JSON))
        bearer?.let { request.header("Authorization", "Bearer $it") }
        return request.build()
    }

    private suspend fun answered(request: Request): JSONObject = withContext(Dispatchers.IO) {
        try {
            http.newCall(request).execute().use { response ->
                val answer = response.body.string().let { readable { JSONObject(it) } }
                if (!response.isSuccessful) throw problem(response, answer ?: JSONObject())
                answer ?: throw SwitchboardException(response.code, "unreadable", "the answer is not Switchboard's")
            }
        } catch (error: SwitchboardException) {
            throw error
        } catch (error: IOException) {
            throw SwitchboardException(0, "offline", "no answer from the server", cause = error)
        }
    }

    private companion object {
        const val LOGIN_KEY = "switchboard.login"
        const val EVENTS_KEY = "switchboard.events"
        const val MOST_QUEUED = 500 // the oldest events are dropped
        const val MOST_IN_BATCH = 100
        const val MOST_IDS_IN_BATCH = 16
        const val MOST_LOG_LINES = 500
        const val MOST_LOG_CHARACTERS = 15_000 // at most 60,000 bytes
        val JSON = "application/json".toMediaType()
    }
}

/** An object of the pairs that have a value. */
private fun json(vararg pairs: Pair<String, Any?>) = JSONObject().apply {
    for ((name, value) in pairs) if (value != null) put(name, value)
}

private fun JSONArray.objects(): List<JSONObject> = List(length()) { getJSONObject(it) }

private fun <T> JSONObject.known(name: String, read: (Any) -> T): T? = if (isNull(name)) null else read(get(name))

private fun listed(call: JSONObject) = ListedCall(
    id = call.getString("id"),
    pushIds = call.getJSONArray("push_ids").let { ids -> List(ids.length()) { ids.getString(it) } },
    isIncoming = call.getString("direction") == "incoming",
    otherParty = call.known("other_party") { it as String },
    startedAt = call.known("started_at") { (it as Number).toLong() },
    outcome = call.known("outcome") { it as String },
    talkSeconds = call.known("talk_seconds") { (it as Number).toDouble() },
    rating = call.known("rating") { (it as Number).toInt() },
)

/** What is read from JSON; null where that is not what was expected. */
private fun <T> readable(read: () -> T): T? = try {
    read()
} catch (error: JSONException) {
    null
}

private fun problem(response: Response, told: JSONObject) = SwitchboardException(
    response.code,
    told.optString("code", "gateway"), // API Gateway's own refusals have no code
    told.optString("message", "the server answered ${response.code}"),
    told.optString("field").ifEmpty { null },
    response.header("Retry-After")?.toLongOrNull(),
    told.optString("request_id").ifEmpty { null },
)
