// Not compiled by our tests, which have no Android SDK. Phone.kt and Switchboard.kt, which it uses, are compiled and run.
// Where Android and Firebase come in: the store, the push service and the screen that rings while the phone is locked.
//
// In the manifest: the permissions INTERNET, RECORD_AUDIO, POST_NOTIFICATIONS and USE_FULL_SCREEN_INTENT, and
//   <service android:name="switchboard.PushService" android:exported="false"><intent-filter>
//     <action android:name="com.google.firebase.MESSAGING_EVENT" /></intent-filter></service>
//   <receiver android:name="switchboard.DeclineReceiver" android:exported="false" />
// Keep the file `switchboard` out of backups (android:dataExtractionRules): it holds the session.

package switchboard

import android.app.Application
import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.app.Person
import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.media.AudioAttributes
import android.media.RingtoneManager
import com.google.firebase.messaging.FirebaseMessaging
import com.google.firebase.messaging.FirebaseMessagingService
import com.google.firebase.messaging.RemoteMessage
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull

/** Let your Application be one: a push can start the app, and then nothing else of it runs. */
interface HasPhone {
    val phone: Phone
}

val Context.phone: Phone get() = (applicationContext as HasPhone).phone

/** Private to the app; Android encrypts the storage with the user's lock. */
class PreferencesStore(context: Context) : Store {
    private val kept = context.getSharedPreferences("switchboard", Context.MODE_PRIVATE)

    override fun get(key: String): String? = kept.getString(key, null)

    override fun set(key: String, value: String?) = kept.edit().putString(key, value).apply()
}

/** Call it in Application.onCreate, and after the user has logged in. */
fun Application.startPhone() {
    FirebaseMessaging.getInstance().token.addOnSuccessListener { token ->
        MainScope().launch { runCatching { phone.pushTokenChanged(PushToken(token)) } }
    }
    MainScope().launch { runCatching { phone.start() } }
}

class PushService : FirebaseMessagingService() {
    override fun onNewToken(token: String) = whileAwake { phone.pushTokenChanged(PushToken(token)) }

    override fun onMessageReceived(message: RemoteMessage) = whileAwake { phone.pushReceived(message.data) }

    /** Android keeps the process awake until this returns, for 20 s at most. */
    private fun whileAwake(action: suspend () -> Unit) {
        runBlocking(Dispatchers.Default) { withTimeoutOrNull(18_000) { runCatching { action() } } }
    }
}

/**
 * Rings by a notification with the look of a call, over the lock screen too. [activity] is the app's screen of a call: it
 * gets the extras `callUuid` and `answer`, and then calls `phone.answer()`.
 */
class NotificationScreen(private val context: Context, private val activity: Class<*>) : Screen {
    private val notifications = context.getSystemService(NotificationManager::class.java)
    private var ringing: String? = null

    init {
        val calls = NotificationChannel(CALLS, "Calls", NotificationManager.IMPORTANCE_HIGH)
        val asRingtone = AudioAttributes.Builder().setUsage(AudioAttributes.USAGE_NOTIFICATION_RINGTONE).build()
        calls.setSound(RingtoneManager.getDefaultUri(RingtoneManager.TYPE_RINGTONE), asRingtone)
        calls.enableVibration(true)
        notifications.createNotificationChannel(calls)
        notifications.createNotificationChannel(
            NotificationChannel(MISSED, "Missed calls", NotificationManager.IMPORTANCE_DEFAULT),
        )
    }

    override fun ring(call: Incoming) {
        ringing = call.callUuid
        val caller = Person.Builder().setName(call.callerName).setImportant(true).build()
        val decline = PendingIntent.getBroadcast(
            context, 0, Intent(context, DeclineReceiver::class.java), PendingIntent.FLAG_IMMUTABLE,
        )
        val notification = Notification.Builder(context, CALLS)
            .setSmallIcon(android.R.drawable.sym_call_incoming)
            .setCategory(Notification.CATEGORY_CALL)
            .setContentText(call.message)
            .setStyle(Notification.CallStyle.forIncomingCall(caller, decline, screen(call, answer = true))) // Android 12
            .setFullScreenIntent(screen(call, answer = false), true)
            .setOngoing(true)
            .setOnlyAlertOnce(true)
            .build()
        notification.flags = notification.flags or Notification.FLAG_INSISTENT // the sound repeats
        notifications.notify(call.callUuid, RINGING, notification)
    }

    override fun update(call: Incoming) {
        if (ringing == call.callUuid) ring(call)
    }

    override fun answered(callUuid: String) {
        ringing = null
        notifications.cancel(callUuid, RINGING)
    }

    override fun end(callUuid: String, reason: String) = answered(callUuid)

    override fun missed(caller: String, at: Long) {
        val notification = Notification.Builder(context, MISSED)
            .setSmallIcon(android.R.drawable.sym_call_missed)
            .setContentTitle(caller)
            .setContentText("Missed call")
            .setWhen(at)
            .setShowWhen(true)
            .setAutoCancel(true)
            .build()
        notifications.notify("$caller $at", RINGING, notification)
    }

    override fun loggedOut() = notifications.cancelAll()

    private fun screen(call: Incoming, answer: Boolean): PendingIntent {
        val intent = Intent(context, activity)
            .addFlags(Intent.FLAG_ACTIVITY_NEW_TASK)
            .putExtra("callUuid", call.callUuid)
            .putExtra("answer", answer)
        val flags = PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT
        return PendingIntent.getActivity(context, if (answer) 1 else 0, intent, flags)
    }

    private companion object {
        const val CALLS = "switchboard.calls"
        const val MISSED = "switchboard.missed"
        const val RINGING = 9
    }
}

class DeclineReceiver : BroadcastReceiver() {
    override fun onReceive(context: Context, intent: Intent) {
        val pending = goAsync()
        MainScope().launch {
            runCatching { context.phone.decline() }
            pending.finish()
        }
    }
}
